// Fakes of ipvsadm(8): the scripts in test/fixtures/bin, with the arguments that precede those of a listing.

import { fileURLToPath } from 'node:url';
import type { IpvsadmCommand } from '../../src/collect/ipvs/locate-ipvsadm.js';
import { fixturePath } from './capture.js';

/** The script of that name, as the command for ipvsadm. */
export function fake(script: string, ...args: readonly string[]): IpvsadmCommand {
  return { file: fixturePath(`bin/${script}`), args, isLocal: false };
}

/** A fake that prints the two captures. */
export function printing(stats: string, table: string): IpvsadmCommand {
  return fake('prints', fixturePath(`ipvs/${stats}`), fixturePath(`ipvs/${table}`));
}

/** A fake that prints the two captures but misbehaves; bin/misbehaves lists the values of `how`. */
export function misbehaving(how: string, { stats, table }: { stats: string; table: string }): IpvsadmCommand {
  const file = fileURLToPath(new URL('bin/misbehaves', import.meta.url));
  return { file, args: [how, fixturePath(`ipvs/${stats}`), fixturePath(`ipvs/${table}`)], isLocal: false };
}
