// Host names of the simulated services, in the form of /etc/hosts (hosts(5)): address, canonical name, aliases.

import type { Director } from './director.js';

/** The text of a hosts file that names every VIP of the director; firewall marks have no address to name. */
export function demoHosts({ characters }: Director): string {
  const lines = characters.flatMap(({ id, hostNames }) =>
    id.kind === 'address' && hostNames.length > 0 ? [`${id.address}\t${hostNames.join(' ')}\n`] : [],
  );
  return lines.join('');
}
