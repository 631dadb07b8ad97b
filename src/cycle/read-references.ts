// Reads the references of drift. Files are read with the cycle; another director's table is read before the collector takes its lock, within
// the limits of any listing, so that a director that hangs holds up nobody else. A reference that cannot be read is a result.

import type { ReferencePlaces } from '../cli/drift/drift-options.js';
import type { Owner } from '../cli/owner.js';
import { handedCopy } from '../collect/handed-copy.js';
import type { ListingLimits } from '../collect/ipvs/ipvsadm.js';
import { locateIpvsadm } from '../collect/ipvs/locate-ipvsadm.js';
import { readGolden } from '../collect/ipvs/rules/read-golden.js';
import { readAgainst } from '../collect/ipvs/rules/read-table.js';
import { KeptReading } from '../collect/keepalived/kept-reading.js';
import { requireServices } from '../collect/keepalived/require-services.js';
import type { ReferenceReading } from '../interpret/drift/judge-drift.js';
import type { ExpectedTable } from '../model/drift/expected.js';
import { referenceCredentials } from '../model/installed-paths.js';
import { UserError } from '../model/user-error.js';
import { orError } from './sources/source.js';

/** Of use to servers, which run one cycle after the other. */
const keptKeepalived = new KeptReading();

/** Reads the references that are files. */
async function readReferenceFiles({
  keepalived,
  golden,
}: Pick<ReferencePlaces, 'keepalived' | 'golden'>): Promise<readonly ReferenceReading[]> {
  const copyOf = (file: string, kind: keyof typeof referenceCredentials): string | null =>
    handedCopy(file, referenceCredentials[kind], process.env);
  const readings: ReferenceReading[] = [];
  if (keepalived !== null) {
    const { file } = keepalived;
    const read = () => requireServices(keptKeepalived.read({ ...keepalived, copy: copyOf(file, 'keepalived') }), file);
    readings.push(await reading('keepalived', keepalived.file, read));
  }
  if (golden !== null)
    readings.push(await reading('golden', golden, () => readGolden(golden, copyOf(golden, 'golden'))));
  return readings;
}

/** Reads the table of another director. */
async function readOtherDirector(
  { against }: Pick<ReferencePlaces, 'against'>,
  limits?: ListingLimits,
): Promise<readonly ReferenceReading[]> {
  if (against === null) return [];
  const read = () => readAgainst(locateIpvsadm({ replacement: against, path: '' }), limits);
  return [await reading('against', against, read)];
}

/** Reads every reference. */
export async function readReferences(places: ReferencePlaces): Promise<readonly ReferenceReading[]> {
  return [...(await readReferenceFiles(places)), ...(await readOtherDirector(places))];
}

/** The references of a cycle: those that are read before its lock, and a function that reads the others. */
export interface CycleReferences {
  readonly before: readonly ReferenceReading[];
  readonly rest: () => Promise<readonly ReferenceReading[]>;
}

/** Begins to read the references of a cycle; null if the table is not compared. */
export async function beginReferences(places: ReferencePlaces | null, owner: Owner): Promise<CycleReferences | null> {
  if (places === null) return null;
  const before = await owner.asRoot(() => readOtherDirector(places));
  return { before, rest: () => owner.asRoot(() => readReferenceFiles(places)) };
}

type Read = () => ExpectedTable | Promise<ExpectedTable>;

async function reading(kind: ReferenceReading['kind'], name: string, read: Read): Promise<ReferenceReading> {
  const table = await orError(read);
  return { kind, name, read: table instanceof UserError ? { failure: table.message } : table };
}
