// The findings of a map that is kept, as JSON: objects with the keys of a `Finding`. A number that is unknown is null.

import { isObject } from '../../files/json-object.js';
import { type Finding, type FindingNumbers, findingKinds, severities } from '../../model/finding/finding.js';

/** Findings that a text can hold. */
export function findingRecords(findings: readonly Finding[]): readonly unknown[] {
  return findings.map((finding) => ({
    ...finding,
    numbers: Object.fromEntries(
      Object.entries(finding.numbers).map(([name, value]) => [name, Number.isNaN(value) ? null : value]),
    ),
  }));
}

/** The findings of a text; null if one of them is of another form, such as of a kind that a newer version added. */
export function parseFindings(value: unknown): readonly Finding[] | null {
  if (!Array.isArray(value)) return null;
  const findings = value.map(findingOf);
  return findings.some((one) => one === null) ? null : findings.flatMap((one) => one ?? []);
}

function findingOf(value: unknown): Finding | null {
  if (!isObject(value)) return null;
  const { subject, sinceS, archives } = value;
  const kind = findingKinds.find((one) => one === value['kind']);
  const severity = severities.find((one) => one === value['severity']);
  const numbers = numbersOf(value['numbers']);
  if (kind === undefined || severity === undefined || numbers === null) return null;
  if (typeof subject !== 'string' || typeof sinceS !== 'number') return null;
  if (!Array.isArray(archives) || !archives.every((one) => typeof one === 'string')) return null;
  return { kind, subject, severity, sinceS, archives, numbers };
}

function numbersOf(value: unknown): FindingNumbers | null {
  if (!isObject(value)) return null;
  const numbers: Record<string, number | string> = {};
  for (const [name, own] of Object.entries(value)) {
    if (own !== null && typeof own !== 'number' && typeof own !== 'string') return null;
    numbers[name] = own ?? Number.NaN;
  }
  return numbers;
}
