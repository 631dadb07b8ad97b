// Plain weeks in which nothing is wrong open hardly a finding: at most one per service and year. LVS_STATS_PLAIN=50 takes so many services over
// a whole year, and LVS_STATS_SEED others.

import { expect, test } from 'vitest';
import { seed } from '../../seed.js';
import { falseFindings } from './plain-year.js';

const services = Number(process.env['LVS_STATS_PLAIN'] ?? 4);
const weeks = services > 4 ? 52 : 13;

test('plain services have at most one false finding a year, and none that looks like an attack', () => {
  const found = falseFindings({ services, weeks, seed });
  const rates = [...new Set(found.map(({ kind }) => kind))].map((kind) => {
    const own = found.filter((one) => one.kind === kind);
    return `${kind}: ${((52 * own.length) / (services * weeks)).toFixed(3)}`;
  });
  if (services > 4) process.stdout.write(`false findings per service and year: ${rates.join(', ') || 'none'}\n`);
  expect(found.length / services).toBeLessThanOrEqual(weeks / 52);
  expect(found.filter(({ detail }) => detail.includes('flood'))).toEqual([]);
});
