// Two directors, one of which serves: a failover in either direction, and the one that stands by.

import { expect, test } from 'vitest';
import { openFindings } from '../../../src/model/finding/finding.js';
import { PairedDirector } from './paired-director.js';

const backup = 'backup sync daemon (mcast=eth1, syncid=7, maxlen=1472)';
const master = backup.replace('backup', 'master');

test.each([2, 12])(
  'a director of %i services that takes over has one finding, and so has the one that lost them',
  (services) => {
    const [first, second] = [new PairedDirector(services), new PairedDirector(services)];
    first.live({ weeks: 2.2, isServing: true });
    second.live({ weeks: 2.2, isServing: false });
    first.live({ readings: 12, isServing: false });
    second.live({ readings: 12, isServing: true });
    expect(first.opened).toEqual(['traffic-collapsed all']);
    expect(second.opened).toEqual(['traffic-surged all']);
    expect(openFindings(second.table.findings)[0]?.numbers).toEqual({ services, of: services });
  },
);

test('a failover back closes the finding', () => {
  const director = new PairedDirector(12);
  director.live({ weeks: 2.2, isServing: true });
  director.live({ readings: 12, isServing: false });
  director.live({ readings: 12, isServing: true });
  expect(director.opened).toEqual(['traffic-collapsed all']);
  expect(openFindings(director.table.findings)).toEqual([]);
});

test('a director that stands by, as its synchronisation says, has no finding of traffic', () => {
  const director = new PairedDirector(12);
  director.live({ weeks: 2.2, isServing: true, syncDaemons: master });
  director.live({ weeks: 1, isServing: false, syncDaemons: backup });
  expect(director.opened).toEqual([]);
});

test('a director that both sends and receives connections does not stand by', () => {
  const director = new PairedDirector(12);
  director.live({ weeks: 2.2, isServing: true, syncDaemons: `${master}; ${backup}` });
  director.live({ readings: 12, isServing: false, syncDaemons: `${master}; ${backup}` });
  expect(director.opened).toEqual(['traffic-collapsed all']);
});

test('one service that collapses on a director that stands by for others is found', () => {
  const director = new PairedDirector(12);
  const kernel = { syncDaemons: backup };
  director.live({ weeks: 2.2, isServing: true, ...kernel });
  director.live({ readings: 12, isServing: true, silent: 3, ...kernel });
  expect(director.opened).toEqual(['traffic-collapsed 192.0.2.3_80']);
});
