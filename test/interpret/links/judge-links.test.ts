// The judge of agents and links: counts become values, silence is unknown, and changes of findings are events once.

import { describe, expect, test } from 'vitest';
import { interpretReads } from '../../../src/interpret/interpret.js';
import { judgedRead } from '../../../src/interpret/judged-read.js';
import { linksJudge } from '../../../src/interpret/links/judge-links.js';
import { type Cycle, emptyState } from '../../../src/model/cycle.js';
import type { Finding } from '../../../src/model/finding/finding.js';
import type { AgentCounts, LinkChange, LinkCounts, LinksReading, Probes } from '../../../src/model/links/counts.js';

const startS = 1_763_700_000;
const none: Probes = { probes: 0, lost: 0, rounds: 0, rttUs: 0 };

function linkCounts(changes: Partial<LinkCounts> = {}): LinkCounts {
  return { archive: 'link_web01/10.0.0.1', bornS: startS - 500, ...none, newest: none, isStale: false, ...changes };
}

function agentCounts(changes: Partial<AgentCounts> = {}): AgentCounts {
  const state = { role: 'web', dc: null, isSilent: false, links: 3, lostLinks: 1, peaks: [] };
  return { agent: 'web01', bornS: startS - 500, ...none, newest: none, ...state, ...changes };
}

function reading(parts: Partial<LinksReading>): LinksReading {
  return { processMs: 1, agents: [], links: [], changes: [], ...parts };
}

/** The cycles of readings, each from the one before. */
function cycles(...all: readonly (Partial<LinksReading> | null)[]): readonly Cycle[] {
  const made: Cycle[] = [];
  for (const [n, parts] of all.entries()) {
    const reads = [judgedRead(linksJudge, parts && reading(parts))];
    made.push(interpretReads(made.at(-1)?.table ?? emptyState, { timeS: startS + 300 * n, host: null, reads }));
  }
  return made;
}

function valuesOf(cycle: Cycle | undefined, archive: string): readonly number[] | undefined {
  const own = cycle?.readings.find((one) => one.archive === archive);
  return own && [...own.values];
}

describe('a link', () => {
  const name = 'link_web01/10.0.0.1';

  test('has the loss and the mean round-trip time of all probes since the last cycle', () => {
    const [first, second] = cycles(
      { links: [linkCounts({ probes: 10, lost: 1, rounds: 1, rttUs: 500 })] },
      { links: [linkCounts({ probes: 30, lost: 6, rounds: 3, rttUs: 3500 })] },
    );
    expect(valuesOf(first, name)).toEqual([0.5, 10]);
    expect(valuesOf(second, name)).toEqual([1.5, 25]);
  });

  test('counts from zero after a restart of the server, even if it has counted more than before', () => {
    const [, second] = cycles(
      { links: [linkCounts({ probes: 10, lost: 10 })] },
      { links: [linkCounts({ bornS: startS + 100, probes: 20, lost: 5, rounds: 2, rttUs: 2000 })] },
    );
    expect(valuesOf(second, name)).toEqual([1, 25]);
  });

  test('has the values of its newest round if none ended since the last cycle', () => {
    const newest: Probes = { probes: 10, lost: 5, rounds: 1, rttUs: 700 };
    const own = linkCounts({ probes: 20, lost: 5, rounds: 2, rttUs: 1000, newest });
    expect(valuesOf(cycles({ links: [own] }, { links: [own] })[1], name)).toEqual([0.7, 50]);
  });

  test('has the values of its newest round if it was watched for long before it has an archive', () => {
    const newest: Probes = { probes: 10, lost: 10, rounds: 0, rttUs: 0 };
    const own = linkCounts({ probes: 5000, lost: 10, rounds: 499, rttUs: 499_000, newest });
    expect(valuesOf(cycles({}, { links: [own] })[1], name)).toEqual([Number.NaN, 100]);
    const young = linkCounts({ bornS: startS + 50, probes: 20, lost: 10, rounds: 1, rttUs: 1000, newest });
    expect(valuesOf(cycles({}, { links: [young] })[1], name)).toEqual([1, 50]);
  });

  test('has no round-trip time if nothing answered, and nothing at all if it is stale or was never probed', () => {
    const lost = linkCounts({ probes: 10, lost: 10 });
    const all = cycles({ links: [lost] }, { links: [{ ...lost, isStale: true }] });
    expect(valuesOf(all[0], name)).toEqual([Number.NaN, 100]);
    expect(valuesOf(all[1], name)).toEqual([Number.NaN, Number.NaN]);
    expect(valuesOf(cycles({ links: [linkCounts()] })[0], name)).toEqual([Number.NaN, Number.NaN]);
  });

  test('is missing for a cycle, then gone, and back with an unknown interval', () => {
    const own = linkCounts({ probes: 10, rounds: 1, rttUs: 500 });
    const all = cycles({ links: [own] }, {}, {}, { links: [own] });
    expect(all[1]?.archives).toEqual([{ name, about: { kind: 'link' }, lastS: startS, goneS: null }]);
    expect(all[2]?.archives.find((one) => one.name === name)?.goneS).toBe(startS + 300);
    expect(all[2]?.table.gone.has(name)).toBe(true);
    expect(valuesOf(all[3], name)).toEqual([Number.NaN, Number.NaN]);
    expect(all.flatMap(({ events }) => events)).toEqual([]);
  });
});

describe('an agent', () => {
  test('has its links, those that are lost, and the longest round-trip time since the last cycle', () => {
    const peaks = [
      { timeS: startS + 10, ms: 9 },
      { timeS: startS + 310, ms: 4 },
      { timeS: startS + 330, ms: 2 },
    ];
    const [, , third] = cycles(
      {},
      { agents: [agentCounts({ probes: 10, rounds: 1, rttUs: 1000, peaks: peaks.slice(0, 1) })] },
      { agents: [agentCounts({ probes: 20, lost: 1, rounds: 2, rttUs: 3000, peaks })] },
    );
    expect(valuesOf(third, 'agent_web01')).toEqual([3, 1, 2, 4, 10]);
    expect(third?.table.others?.get('agents')?.archives.get('agent_web01')?.about).toEqual({
      ...{ kind: 'agent', role: 'web', dc: '' },
    });
  });

  test('is unknown while it is silent', () => {
    const [first] = cycles({ agents: [agentCounts({ probes: 10, isSilent: true })] });
    expect(valuesOf(first, 'agent_web01')).toEqual(new Array(5).fill(Number.NaN));
  });

  test('appears, and is gone a day after the last server with agents', () => {
    const agents = [agentCounts()];
    const [first, second] = cycles({ agents }, null);
    expect(first?.events.map(({ kind, archive }) => [kind, archive])).toEqual([['appeared', 'agent_web01']]);
    expect(second?.events).toEqual([]);
    const reads = [judgedRead(linksJudge, null)];
    const late = interpretReads(second?.table ?? emptyState, { timeS: startS + 90_000, host: null, reads });
    expect(late.table.gone.has('agent_web01')).toBe(true);
    expect(late.events.filter(({ kind }) => kind === 'gone')).toHaveLength(1);
  });
});

describe('a change of a finding', () => {
  const finding: Finding = {
    ...{ kind: 'link-lost', subject: 'host/10.0.0.1', severity: 'warning', sinceS: startS + 20 },
    archives: ['192.0.2.1_80/10.0.0.1_80'],
    numbers: { blame: 'target', lost: 3, links: 3, observers: 3, targets: 1 },
  };
  const change = (number: number, isOpen: boolean, atS: number): LinkChange => {
    return { number, isOpen, timeS: startS + atS, finding };
  };
  const eventsOf = (all: readonly Cycle[]) =>
    all.map(({ events }) => events.map(({ kind, timeS, archive }) => `${kind} ${timeS - startS} ${archive}`));

  test('is an event of the affected service at its own time, once', () => {
    const opened = change(1, true, 260);
    const all = cycles({}, { changes: [opened] }, { changes: [opened] }, { changes: [opened, change(2, false, 800)] });
    expect(eventsOf(all)).toEqual([[], ['finding-opened 260 192.0.2.1_80'], [], ['finding-closed 800 192.0.2.1_80']]);
    expect(all[1]?.events[0]?.detail).toContain('does not answer 3 agents: 3 of 3 links to it are lost');
  });

  test('is never before the last cycle', () => {
    expect(eventsOf(cycles({}, { changes: [change(1, true, -50)] }))[1]).toEqual(['finding-opened 1 192.0.2.1_80']);
  });

  test('does not open again when the server restarts, and closes though another process saw it open', () => {
    const again = { processMs: 2, changes: [change(1, true, 350)] };
    const closed = { processMs: 2, changes: [change(1, true, 350), change(2, false, 700)] };
    expect(eventsOf(cycles({}, { changes: [change(1, true, 260)] }, again, closed))).toEqual([
      [],
      ['finding-opened 260 192.0.2.1_80'],
      [],
      ['finding-closed 700 192.0.2.1_80'],
    ]);
  });

  test('between two data centres is an event of the director', () => {
    const way: Finding = { ...finding, subject: 'dcs/fr~tx', archives: ['all'] };
    expect(eventsOf(cycles({}, { changes: [{ ...change(1, true, 100), finding: way }] }))[1]).toEqual([
      'finding-opened 100 all',
    ]);
  });
});
