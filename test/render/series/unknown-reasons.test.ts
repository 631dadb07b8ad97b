import { describe, expect, test } from 'vitest';
import type { LedgerEvent } from '../../../src/model/ledger-event.js';
import { withReasons } from '../../../src/render/define/gap.js';
import { reasonsOf } from '../../../src/render/series/unknown-reasons.js';
import { heartbeatS } from '../../standard.js';

const startS = 1_763_700_000;
const there = { name: '192.0.2.1_80', firstS: startS, goneS: null };
const event = (timeS: number, rest: Partial<LedgerEvent>): LedgerEvent => {
  return { timeS, archive: '192.0.2.1_80', kind: 'appeared', ...rest };
};

/** The reason given for a gap between two times. */
function textOf(gap: readonly [number, number], reasons: ReturnType<typeof reasonsOf>): string | undefined {
  return withReasons([{ startS: gap[0], endS: gap[1], text: 'unknown' }], reasons)[0]?.text;
}

describe('the reason for a gap', () => {
  test('before the first reading is that the archive was not there', () => {
    expect(
      textOf([startS - 9000, startS + 300], reasonsOf(there, { own: [], director: [] }, { heartbeatS, endS: startS })),
    ).toBe('not there yet');
  });

  test('after the last reading is that it is gone', () => {
    const reasons = reasonsOf(
      { ...there, goneS: startS + 9000 },
      { own: [], director: [] },
      { heartbeatS, endS: startS + 90_000 },
    );
    expect(textOf([startS + 8700, startS + 90_000], reasons)).toBe('gone');
  });

  test('between gone and back is that it was gone, and at no other time', () => {
    const own = [event(startS + 900, { kind: 'gone' }), event(startS + 9000, { kind: 'back' })];
    const reasons = reasonsOf(there, { own, director: [] }, { heartbeatS, endS: startS + 90_000 });
    expect(textOf([startS + 300, startS + 9000], reasons)).toBe('gone');
    expect(textOf([startS + 20_000, startS + 30_000], reasons)).toBe('unknown');
  });

  test.each([
    ['zeroed', 'counters reset: zeroed'],
    ['module-reloaded', 'ip_vs reloaded'],
    ['machine-restarted', 'machine restarted'],
    ['namespace-recreated', 'network namespace or kernel table recreated'],
  ] as const)('of one step at a reset (%s) is its cause', (cause, text) => {
    const own = [event(startS + 902, { kind: 'counters-reset', cause })];
    expect(
      textOf(
        [startS + 600, startS + 1200],
        reasonsOf(there, { own, director: [] }, { heartbeatS, endS: startS + 9000 }),
      ),
    ).toBe(text);
  });

  test('while cycles fail is their error, even while they still do', () => {
    const failed = event(startS + 300, { archive: 'all', kind: 'cycle-failed', to: 'not-permitted' });
    const resumed = event(startS + 9000, { archive: 'all', kind: 'cycle-resumed' });
    for (const director of [[failed, resumed], [failed]]) {
      const reasons = reasonsOf(there, { own: [], director }, { heartbeatS, endS: startS + 9300 });
      expect(textOf([startS, startS + 9000], reasons)).toBe('not collected: not permitted');
    }
  });

  test('while counters are frozen is the freeze, even while they still are', () => {
    const frozen = event(startS + 300, { archive: 'all', kind: 'counters-frozen' });
    const running = event(startS + 9000, { archive: 'all', kind: 'counters-running' });
    for (const director of [[frozen, running], [frozen]]) {
      const reasons = reasonsOf(there, { own: [], director }, { heartbeatS, endS: startS + 9300 });
      expect(textOf([startS, startS + 9000], reasons)).toBe('counters frozen');
    }
  });

  test('excludes, for a real server, that its service was re-added', () => {
    const own = [
      event(startS + 902, { kind: 'counters-reset', cause: 'real-server-re-added', realServer: '10.0.0.1_80' }),
    ];
    expect(
      textOf(
        [startS + 600, startS + 1200],
        reasonsOf(there, { own, director: [] }, { heartbeatS, endS: startS + 9000 }),
      ),
    ).toBe('unknown');
  });

  test('includes, for a real server, that it was re-added or absent', () => {
    const name = '192.0.2.1_80/10.0.0.1_80';
    const one = { realServer: '10.0.0.1_80' };
    const own = [
      event(startS + 902, { kind: 'counters-reset', cause: 'real-server-re-added', ...one }),
      event(startS + 9000, { kind: 'real-server-removed', ...one }),
      event(startS + 18_000, { kind: 'real-server-added', ...one }),
    ];
    const reasons = reasonsOf({ ...there, name }, { own, director: [] }, { heartbeatS, endS: startS + 90_000 });
    expect(textOf([startS + 600, startS + 1200], reasons)).toBe('counters reset: real server re-added');
    expect(textOf([startS + 8700, startS + 18_000], reasons)).toBe('removed');
  });

  test.each([
    ['machine-down', 'not collected: the machine was down'],
    ['collector-stopped', 'not collected: no collector ran'],
    [undefined, 'not collected'],
  ] as const)('while no cycle ran (%s) is why none did', (cause, text) => {
    const rest = cause === undefined ? {} : { cause };
    const gap = event(startS + 9000, { archive: 'all', kind: 'cycle-missed', sinceS: startS + 300, ...rest });
    const reasons = reasonsOf(there, { own: [], director: [gap] }, { heartbeatS, endS: startS + 90_000 });
    expect(textOf([startS + 300, startS + 9000], reasons)).toBe(text);
  });

  test('in the interval of a clock change is the change', () => {
    const director = [event(startS + 902, { archive: 'all', kind: 'clock-set', to: '+3600 s' })];
    expect(
      textOf(
        [startS + 600, startS + 1200],
        reasonsOf(there, { own: [], director }, { heartbeatS, endS: startS + 9000 }),
      ),
    ).toBe('clock set');
  });

  test('for the director is the number of known services, once and for as long as it lasts', () => {
    const all = { name: 'all', firstS: startS, goneS: null };
    const at = (timeS: number, rest: Partial<LedgerEvent>): LedgerEvent => {
      return event(startS + timeS, { archive: 'all', kind: 'sum-incomplete', to: '7 of 8 services known', ...rest });
    };
    const once = [at(900, {})];
    const lasting = [at(9000, {}), at(9300, { sinceS: startS + 9000 }), at(30_000, { kind: 'sum-complete' })];
    const reasons = (director: readonly LedgerEvent[], archive = all) =>
      reasonsOf(archive, { own: [], director }, { heartbeatS, endS: startS + 90_000 });
    expect(textOf([startS + 600, startS + 1200], reasons(once))).toBe('7 of 8 services known');
    expect(textOf([startS + 6000, startS + 7000], reasons(once))).toBe('unknown');
    expect(textOf([startS + 8700, startS + 30_000], reasons([...once, ...lasting]))).toBe('7 of 8 services known');
    expect(textOf([startS + 8700, startS + 80_000], reasons(lasting.slice(0, 2)))).toBe('7 of 8 services known');
    expect(textOf([startS + 600, startS + 1200], reasons(once, there))).toBe('unknown');
  });
});
