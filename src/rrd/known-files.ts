// Files whose names show their subject, and the names of their data sources here:
//
//   192.0.2.1_80.rrd, all.rrd, 192.0.2.1_80/10.0.0.5_8080.rrd           the name of an archive: the original lvs-stats (2008), and this one
//   ipvs-192.0.2.1_TCP80/if_octets-total.rrd                            collectd's plugin ipvs: a service, ...
//   ipvs-192.0.2.1_TCP80/connections-10.0.0.5_8080.rrd                  ... and a real server of it (get_pi, get_ti in its ipvs.c)
//   ipvs-0.0.0.0_TCP0/connections-total.rrd                             ... and a firewall mark, which has neither address nor port
//
// collectd omits the number of a mark, and writes several marks into the same files. It calls everything but TCP UDP, even SCTP.

import { basename, dirname, resolve } from 'node:path';
import { canonicalAddress, realServerName, serviceName } from '../model/names/name.js';
import { parseName } from '../model/names/parse-name.js';

/** The subject of a file. */
export interface KnownFile {
  /** Name of the service's archive, or of another subject; null for a firewall mark without a number. */
  readonly name: string | null;
  /** Name of a real server within its service; null when the subject is the service. */
  readonly realServer: string | null;
  /** Names of its data sources, mapped to ours; null when they are the same. */
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

/** The subject that the path of a file shows; null when it shows none. */
export function knownFile(path: string): KnownFile | null {
  const whole = resolve(path);
  const stem = basename(whole).replace(/(\.rrd)?(\.xml)?(\.gz)?$/, '');
  const folder = basename(dirname(whole));
  const collectd = collectdFile(folder, stem);
  if (collectd !== null) return collectd;
  const name = [`${folder}/${stem}`, stem].find((one) => parseName(one) !== null);
  return name === undefined ? null : { name, realServer: null, map: null };
}

/** The archive for a file: `wanted` if given, which for collectd's files is the service of their folder; null when unknown. */
export function archiveOfFile(known: KnownFile | null, wanted: string | undefined): string | null {
  const name = wanted ?? known?.name ?? null;
  const isOfService = name !== null && parseName(name)?.kind === 'service';
  return isOfService && known !== null && known.realServer !== null ? `${name}/${known.realServer}` : name;
}

function collectdFile(folder: string, stem: string): KnownFile | null {
  const [, addressText = '', protocol, port] = /^ipvs-([0-9A-Fa-f.:]+)_(TCP|UDP)(\d{1,5})$/.exec(folder) ?? [];
  const [, type = '', instance = ''] = /^(connections|if_packets|if_octets)-(.+)$/.exec(stem) ?? [];
  const map = collectdTypes[type];
  const address = canonicalAddress(addressText);
  if (map === undefined || protocol === undefined || address === null) return null;
  const kept = protocol === 'TCP' ? 'tcp' : 'udp';
  const isMark = address === '0.0.0.0' && Number(port) === 0;
  const name = isMark ? null : serviceName({ kind: 'address', protocol: kept, address, port: Number(port) });
  if (name !== null && parseName(name) === null) return null;
  const realServer = instance === 'total' ? null : realServerOf(instance);
  return realServer === undefined ? null : { name, realServer, map };
}

function realServerOf(instance: string): string | undefined {
  const [, addressText = '', port] = /^([0-9A-Fa-f.:]+)_(\d{1,5})$/.exec(instance) ?? [];
  const address = canonicalAddress(addressText);
  return address === null || Number(port) > 65535 ? undefined : realServerName({ address, port: Number(port) });
}
