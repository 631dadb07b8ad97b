// Checks the references of drift: whether each can be read, by the collector's user too, and whether all of it was understood.

import { readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { locateIpvsadm } from '../collect/ipvs/locate-ipvsadm.js';
import { readGolden } from '../collect/ipvs/rules/read-golden.js';
import { readAgainst } from '../collect/ipvs/rules/read-table.js';
import { readKeepalived } from '../collect/keepalived/read-keepalived.js';
import { requireServices } from '../collect/keepalived/require-services.js';
import { type ExpectedTable, noteText } from '../model/drift/expected.js';
import { mostCredentialBytes } from '../model/installed-paths.js';
import { countOf } from '../model/text/count-of.js';
import { UserError } from '../model/user-error.js';
import { type Check, fine, problem, warning } from './check.js';
import { scheduleFiles } from './setup-checks.js';

/** The references of the settings; null for those that are not compared. */
export interface CheckedReferences {
  readonly keepalived: { readonly file: string; readonly configId: string } | null;
  readonly golden: string | null;
  readonly against: string | null;
}

/** Checks them; `root` is the folder where cron and systemd look. */
export async function checkDrift(
  { keepalived, golden, against }: CheckedReferences,
  root: string,
): Promise<readonly Check[]> {
  const checks: Check[] = [];
  if (keepalived !== null)
    checks.push(
      await checkReference(keepalived.file, () => requireServices(readKeepalived(keepalived), keepalived.file)),
    );
  if (golden !== null) checks.push(await checkReference(golden, () => readGolden(golden)));
  if (against !== null) {
    checks.push(await checkReference(against, () => readAgainst(locateIpvsadm({ replacement: against, path: '' }))));
  }
  const hidden = [keepalived?.file, golden].flatMap((file) => (file == null ? [] : (checkReach(file, root) ?? [])));
  return [...checks, ...hidden];
}

async function checkReference(name: string, read: () => ExpectedTable | Promise<ExpectedTable>): Promise<Check> {
  try {
    const { services, notes, isWhole } = await read();
    const [first] = notes;
    const found = `${name} has ${countOf(services.size, 'service')}`;
    if (first === undefined) return fine('drift', found);
    const extent = isWhole ? 'with notes' : 'but was not read in full';
    return warning('drift', `${found}, ${extent}: ${noteText(first)}`, 'lvs-stats drift');
  } catch (error) {
    if (error instanceof UserError) return problem('drift', error.message, 'correct the drift-… settings');
    throw error;
  }
}

/**
 * A file of root alone, which the user of setup's schedule cannot read: an access list would show as rights of the group. systemd may pass it,
 * up to its limit: a unit with more does not start.
 */
function checkReach(file: string, root: string): Check | null {
  const [schedule] = scheduleFiles(root);
  const stats = statSync(file, { throwIfNoEntry: false });
  if (schedule === undefined || stats === undefined || stats.uid !== 0 || (stats.mode & 0o044) !== 0) return null;
  const text = readFileSync(join(root, schedule.path), 'utf8');
  if (text.split('\n').some((line) => line.startsWith('LoadCredential=') && line.endsWith(`:${file}`))) {
    return stats.size <= mostCredentialBytes
      ? null
      : problem(
          'drift',
          `${file} has ${stats.size} bytes, and from 1 MiB on systemd does not start a collector that it is passed to`,
          `setfacl -m u:lvs-stats:r ${file}; lvs-stats setup --systemd`,
        );
  }
  const user = /^User=(\S+)$/m.exec(text)?.[1] ?? /--reuid[= ](\S+)/.exec(text)?.[1] ?? 'lvs-stats';
  return problem('drift', `only root may read ${file}, but ${user} collects`, `setfacl -m u:${user}:r ${file}`);
}
