// The archives of one probe in one reading, with their values: its own, and one for each set of labels. Its own is the sum of these, unknown
// while one of them is.

import type { About } from '../../model/archive.js';
import type { KnownOther } from '../../model/cycle.js';
import { probeArchive } from '../../model/names/probe-name.js';
import {
  archiveOfProbe,
  maxProbeArchives,
  type ProbeReading,
  type ProbeValue,
  valuesOfProbe,
} from '../../model/probes/reading.js';

/** An archive with its value; NaN if unknown. */
export interface MeasuredArchive {
  readonly name: string;
  readonly about: About;
  readonly value: number;
}

/** A probe as measured. */
export interface MeasuredProbe {
  readonly measured: readonly MeasuredArchive[];
  /** Its known archives that the reading lacks. */
  readonly absent: readonly string[];
  /** Known archives that were missing before, while nobody knows whether they still are. */
  readonly doubtful: readonly string[];
  /** Why values are unknown or left out; null if none are. */
  readonly failure: string | null;
}

/** Measures a probe. `gone` are the archives that are gone, which count as archives of the probe too. */
export function measureProbe(
  { name, reads, result }: ProbeReading,
  known: KnownOther,
  gone: ReadonlyMap<string, number>,
): MeasuredProbe {
  const top = archiveOfProbe(name);
  const members = [...known.archives.keys()].filter((one) => one.startsWith(`${top}/`));
  if ('failure' in result) {
    const present = valuesOfProbe(known, name);
    const about = known.archives.get(top)?.about ?? { kind: 'probe', reads, isSum: false };
    const unknown = present.map((one): MeasuredArchive => ({ name: one, about: valueAbout, value: Number.NaN }));
    return {
      measured: [{ name: top, about, value: Number.NaN }, ...unknown],
      absent: [],
      doubtful: members.filter((one) => !present.includes(one)),
      failure: result.failure,
    };
  }
  const all = result.map((one) => ({
    name: probeArchive({ probe: name, labels: one.labels }),
    about: valueAbout,
    ...one,
  }));
  const plain = all.find((one) => one.name === top);
  if (plain !== undefined) {
    return {
      measured: [{ name: top, about: { kind: 'probe', reads, isSum: false }, value: plain.value }],
      absent: members,
      doubtful: [],
      failure: null,
    };
  }
  const kept = withinBound(all, { top, members, gone });
  const sum = kept.length < all.length ? Number.NaN : sumOf(result);
  const now = new Set(kept.map((one) => one.name));
  return {
    measured: [{ name: top, about: { kind: 'probe', reads, isSum: true }, value: sum }, ...kept],
    absent: members.filter((one) => !now.has(one)),
    doubtful: [],
    failure: kept.length < all.length ? leftOutText(all.length - kept.length) : null,
  };
}

const valueAbout = { kind: 'probe-value' } as const;

function sumOf(values: readonly ProbeValue[]): number {
  return values.reduce((sum, { value }) => sum + value, 0);
}

interface Archives {
  readonly top: string;
  readonly members: readonly string[];
  readonly gone: ReadonlyMap<string, number>;
}

/** The values with an archive, and as many others as a probe may have: labels that change with each reading must not fill the disk. */
function withinBound<T extends { readonly name: string }>(
  all: readonly T[],
  { top, members, gone }: Archives,
): readonly T[] {
  const there = new Set([...members, ...[...gone.keys()].filter((one) => one.startsWith(`${top}/`))]);
  let room = maxProbeArchives - there.size;
  return all.filter(({ name }) => {
    if (there.has(name)) return true;
    room -= 1;
    return room >= 0;
  });
}

function leftOutText(count: number): string {
  return `${count} values are left out: with those that are gone, its labels made ${maxProbeArchives} archives already; give labels that stay`;
}
