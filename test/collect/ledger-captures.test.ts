// The ledger of a real kernel's table that changed step by step (fixtures/ipvs/ledger): each kind of event with its cause, and no
// others.

import { describe, expect, test } from 'vitest';
import { cyclesOf, eventInLine } from './step-captures.js';

/** The events of each step, such as `all counters-reset zeroed`. */
function eventsBySteps(machine: RegExp): ReadonlyMap<string, readonly string[]> {
  const byStep = new Map<string, readonly string[]>();
  for (const { step, events } of cyclesOf('ledger', (one) => machine.test(one))) {
    byStep.set(step.replace(/^([abc])\d+-/, '$1 '), events.map(eventInLine));
    if (step.endsWith('-quiet')) expect([step, events]).toEqual([step, []]);
  }
  return byStep;
}

const [web, other, dns] = ['10.9.1.1_80', '10.9.1.2_80', '10.9.1.1_53_udp'];
const incomplete = 'all sum-incomplete 2 of 3 services known';
const all = (cause: string): string[] =>
  ['all', web, other, dns].map((archive) => `${archive} counters-reset ${cause}`);

describe('the ledger of a real kernel', () => {
  // The second machine is the first one after a boot, with its original table.
  const byStep = eventsBySteps(/^[ab]/);

  test.each<[step: string, events: readonly string[]]>([
    ['a first', [`${web} appeared`, `${other} appeared`, `${dns} appeared`]],
    ['a zeroed-all', all('zeroed')],
    ['a zeroed-one', [incomplete, `${web} counters-reset re-added-or-zeroed`]],
    ['a readded-at-once', [incomplete, `${web} counters-reset re-added-or-zeroed`]],
    ['a deleted', [incomplete]],
    ['a deleted-still', [`${web} gone`]],
    ['a back', [incomplete, `${web} back`]],
    ['a cleared-and-filled', all('table-cleared')],
    ['a real-server-removed', [`${web} 10.1.0.12_80 real-server-removed Masq, weight 1`]],
    ['a real-server-added', [`${web} 10.1.0.12_80 real-server-added Masq, weight 1`]],
    ['a weight-0', [`${web} 10.1.0.12_80 weight-changed 1 0`]],
    [
      'a route-weight-1',
      [`${web} 10.1.0.12_80 weight-changed 0 1`, `${web} 10.1.0.12_80 forwarding-changed Masq Route`],
    ],
    ['a scheduler-flags', [`${web} scheduler-changed rr wlc`, `${web} flags-changed persistent 60`]],
  ])('reports the events of "%s" and their causes', (step, events) => {
    expect(byStep.get(step)).toEqual(events);
  });

  test('reports a boot at the director and each service', () => {
    const events = byStep.get('b restarted') ?? [];
    expect(events.filter((line) => line.includes('counters-reset'))).toEqual(all('machine-restarted'));
  });

  test('reports a reloaded module', () => {
    expect(eventsBySteps(/^c/).get('c module-reloaded')).toEqual(all('module-reloaded'));
  });
});
