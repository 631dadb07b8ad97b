// Parses `ipvsadm -L --daemon`: the daemons that send connections to another director, or receive its (ipvsadm(8)).
//
//   master sync daemon (mcast=eth0, syncid=7, maxlen=1472, group=224.0.0.81, port=8848, ttl=1)
//   backup sync daemon (mcast=eth0, syncid=7, maxlen=65507, group=224.0.0.81, port=8848, ttl=1)

/** The description of each daemon, in ipvsadm's words; '' when there is none, null when the text is something else. */
export function parseSyncDaemons(text: string): string | null {
  const lines = text.split('\n').filter((line) => line !== '');
  const said = lines.map((line) => /^(master|backup) sync daemon \(([\x20-\x7e]{1,200})\)$/.exec(line));
  if (said.includes(null)) return null;
  return said.map((match) => `${match?.[1]} (${match?.[2]})`).join(', ');
}
