// The set-up of a service, taken apart so that two can be compared: ipvsadm(8) prints it as `wlc (flag-1) persistent 300 mask 255.0.0.0 pe sip
// ops`. Words that are not known here are not compared.

/** How long a client keeps its real server, and what counts as one client. */
export interface Persistence {
  readonly timeoutS: number;
  /** The netmask of IPv4 or the prefix length of IPv6; '' for single addresses. */
  readonly mask: string;
  /** The persistence engine; '' for none. */
  readonly engine: string;
}

/** A set-up. */
export interface SetUp {
  /** Null if it is unknown. */
  readonly scheduler: string | null;
  /** As `flag-1`, `flag-2`, `flag-3`, sorted. */
  readonly schedulerFlags: readonly string[];
  readonly isOnePacket: boolean;
  /** Null for none. */
  readonly persistence: Persistence | null;
}

/** The names that some schedulers give to their flags. */
const flagNames: Readonly<Record<string, string>> = {
  'sh-fallback': 'flag-1',
  'sh-port': 'flag-2',
  'mh-fallback': 'flag-1',
  'mh-port': 'flag-2',
};

/** Flags of a scheduler in the form that is compared. */
export function schedulerFlags(names: Iterable<string>): readonly string[] {
  return [...new Set([...names].map((name) => flagNames[name] ?? name))].sort();
}

/** The set-up of a service as the table shows it. */
export function setUpOf(scheduler: string, flags: string): SetUp {
  const words = flags === '' ? [] : flags.split(' ');
  const wordAfter = (name: string): string => {
    const at = words.indexOf(name);
    return at < 0 ? '' : (words[at + 1] ?? '');
  };
  const [first = ''] = words;
  const timeout = wordAfter('persistent');
  return {
    scheduler,
    schedulerFlags: schedulerFlags(first.startsWith('(') ? first.slice(1, -1).split(',') : []),
    isOnePacket: words.includes('ops'),
    persistence:
      timeout === '' ? null : { timeoutS: Number(timeout), mask: maskOf(wordAfter('mask')), engine: wordAfter('pe') },
  };
}

/** A mask without one that means single addresses. */
export function maskOf(text: string): string {
  return text === '255.255.255.255' || text === '128' ? '' : text;
}

/** The scheduler with its flags: "sh with flag-2", "rr, one packet". */
export function schedulerText({ scheduler, schedulerFlags: flags, isOnePacket }: SetUp): string {
  const own = flags.length === 0 ? '' : ` with ${flags.join(' ')}`;
  return `${scheduler ?? 'unknown'}${own}${isOnePacket ? ', one packet' : ''}`;
}

/** The persistence: "persistent 300 s, mask 255.255.255.0", "not persistent". */
export function persistenceText({ persistence }: SetUp): string {
  if (persistence === null) return 'not persistent';
  const { timeoutS, mask, engine } = persistence;
  return `persistent ${timeoutS} s${mask === '' ? '' : `, mask ${mask}`}${engine === '' ? '' : `, engine ${engine}`}`;
}
