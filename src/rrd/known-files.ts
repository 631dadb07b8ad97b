// Files whose name tells what they are of, and how their data sources are called here:
//
//   192.0.2.1_80.rrd, all.rrd, 192.0.2.1_80/10.0.0.5_8080.rrd           the name of an archive: the tool of 2008, and this one
//   ipvs-192.0.2.1_TCP80/if_octets-total.rrd                            collectd's plugin ipvs: a service, ...
//   ipvs-192.0.2.1_TCP80/connections-10.0.0.5_8080.rrd                  ... and a real server of it (get_pi, get_ti in its ipvs.c)

import { basename, dirname, resolve } from 'node:path';
import { parseName, realServerName, serviceName } from '../model/name.js';

/** What a file is of. `map`: names of its data sources, and of those they become; null: they are called the same. */
export interface KnownFile {
  readonly name: string;
  readonly map: ReadonlyMap<string, string> | null;
}

/** The data sources of collectd's types (types.db). */
const collectdTypes: Readonly<Record<string, ReadonlyMap<string, string>>> = {
  connections: new Map([['value', 'Conns']]),
  if_packets: new Map([
    ['rx', 'InPkts'],
    ['tx', 'OutPkts'],
  ]),
  if_octets: new Map([
    ['rx', 'InBytes'],
    ['tx', 'OutBytes'],
  ]),
};

/** What the path of a file tells; null where it tells nothing. */
export function knownFile(path: string): KnownFile | null {
  const whole = resolve(path);
  const stem = basename(whole).replace(/(\.rrd)?(\.xml)?(\.gz)?$/, '');
  const folder = basename(dirname(whole));
  const collectd = collectdFile(folder, stem);
  if (collectd !== null) return collectd;
  const name = [`${folder}/${stem}`, stem].find((one) => parseName(one) !== null);
  return name === undefined ? null : { name, map: null };
}

function collectdFile(folder: string, stem: string): KnownFile | null {
  const [, address = '', protocol, port] = /^ipvs-([0-9.]+)_(TCP|UDP)(\d{1,5})$/.exec(folder) ?? [];
  const [, type = '', instance = ''] = /^(connections|if_packets|if_octets)-(.+)$/.exec(stem) ?? [];
  const map = collectdTypes[type];
  if (map === undefined || protocol === undefined) return null;
  const kept = protocol === 'TCP' ? 'tcp' : 'udp';
  const service = serviceName({ kind: 'address', protocol: kept, address, port: Number(port) });
  const [, realAddress = '', realPort] = /^([0-9.]+)_(\d{1,5})$/.exec(instance) ?? [];
  const within = realPort === undefined ? '' : `/${realServerName({ address: realAddress, port: Number(realPort) })}`;
  if (within === '' && instance !== 'total') return null;
  const name = `${service}${within}`;
  return parseName(name) === null ? null : { name, map };
}
