// The names of the archives of probes: the probe's own, and one for each set of labels below it. Labels are sorted by name, and their values
// encoded (percent-part.ts).
//
//   probe_conntrack   probe_stale_flows   probe_stale_flows/bridge=br0,table=12

import { decodePart, encodePart } from './percent-part.js';

/** Labels of a value, sorted by name. No value is empty, since an empty label is no label. */
export type Labels = readonly (readonly [name: string, value: string])[];

/** A probe, or one of its values; without labels it is the probe itself. */
export interface ProbeId {
  readonly probe: string;
  readonly labels: Labels;
}

/** Prefix of the names. */
export const probePrefix = 'probe_';

/** Most characters of an archive's name with labels. */
export const longestProbeName = 1000;

const probePattern = /^[A-Za-z][A-Za-z0-9_]{0,39}$/;
const labelPattern = /^[A-Za-z_][A-Za-z0-9_]*$/;

/** Whether a text can be the name of a probe. */
export function isProbeName(text: string): boolean {
  return probePattern.test(text);
}

/** The archive of a probe, or of one of its values. Throws a `URIError` if a label is not valid Unicode (a lone surrogate). */
export function probeArchive({ probe, labels }: ProbeId): string {
  const own = `${probePrefix}${probe}`;
  if (labels.length === 0) return own;
  return `${own}/${labels.map(([name, value]) => `${name}=${encodePart(value)}`).join(',')}`;
}

/** Parses a name of this form; null if the text is not the canonical form of one. */
export function parseProbeArchive(name: string): ProbeId | null {
  const id = taken(name, decodePart);
  return id !== null && name.length <= longestProbeName && probeArchive(id) === name ? id : null;
}

/** The name that a user's text means, values unencoded: `probe_stale_flows/bridge=br-ex`; null if it is none. */
export function resolveProbeArchive(text: string): string | null {
  // With a percent sign, the text could mean either of two names.
  const id = text.includes('%') ? null : taken(text, (part) => part);
  try {
    return id === null ? null : probeArchive({ ...id, labels: sortedLabels(id.labels) });
  } catch {
    return null;
  }
}

/** Labels in their order. */
export function sortedLabels(labels: Labels): Labels {
  return labels.toSorted(([a], [b]) => (a < b ? -1 : 1));
}

/** Labels as Prometheus writes them: `bridge="br0",table="12"`. */
export function labelsText(labels: Labels): string {
  return labels.map(([name, value]) => `${name}="${value}"`).join(',');
}

function taken(name: string, decoded: (part: string) => string | null): ProbeId | null {
  const [, probe = '', text] = /^probe_([^/]+)(?:\/([^/]+))?$/s.exec(name) ?? [];
  if (!isProbeName(probe)) return null;
  const labels = (text?.split(',') ?? []).map((part): Labels[number] | null => {
    const at = part.indexOf('=');
    const value = at < 0 ? null : decoded(part.slice(at + 1));
    return value === null || value === '' || !labelPattern.test(part.slice(0, at)) ? null : [part.slice(0, at), value];
  });
  const whole = labels.filter((label) => label !== null);
  const isSorted = whole.every(([own], i) => i === 0 || (whole[i - 1]?.[0] ?? '') < own);
  return whole.length === labels.length && isSorted ? { probe, labels: whole } : null;
}
