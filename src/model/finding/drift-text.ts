// Findings of drift in words: both states, and where it is written what is wanted.

import { type DriftProblemName, driftProblemNames } from '../drift/problem.js';
import { isOfDirector } from '../names/name.js';
import type { Finding } from './finding.js';

/** Titles of the problems. */
export const driftTitles: Readonly<Record<DriftProblemName, string>> = {
  'pool-empty': 'empty pool',
  'pool-weight-zero': 'pool at weight 0',
  'quorum-lost': 'quorum lost',
  'sorry-server-active': 'sorry server active',
  'real-server-missing': 'real server missing',
  'weight-zero': 'weight at zero',
  'service-missing': 'service missing',
  'service-extra': 'unknown service',
  'real-server-extra': 'unknown real server',
  'wrong-weight': 'wrong weight',
  'wrong-forwarding': 'wrong forwarding',
  'wrong-scheduler': 'wrong scheduler',
  'wrong-persistence': 'wrong persistence',
};

/** The parts of a finding that make its sentence. */
type Words = Pick<Finding, 'kind' | 'subject' | 'numbers'>;

/** The sentence of each problem, without its subject. */
export const driftSentences: Readonly<Record<DriftProblemName, (finding: Words) => string>> = Object.fromEntries(
  driftProblemNames.map((name) => [name, (finding: Words) => sentence(driftTitles[name], finding)]),
) as Record<DriftProblemName, (finding: Words) => string>;

function sentence(title: string, { subject, numbers }: Words): string {
  const { actual, expected, place, services, problems } = numbers;
  const at = place === undefined ? '' : ` (${place})`;
  const states = `${actual}, expected ${expected}${at}`;
  if (problems === 1) return `${title}: ${states}`;
  const extent = Number(services) > 1 || isOfDirector(subject) ? `in ${services} services` : `${problems} real servers`;
  return `${title}, ${extent}; the first: ${states}`;
}
