import { describe, expect, test } from 'vitest';
import { type TopContent, type TopWindow, topLines } from '../../../src/cli/top/top-lines.js';
import type { NowService } from '../../../src/web/now/now-rows.js';

const window: TopWindow = {
  columns: 120,
  lines: 12,
  order: { by: 'traffic', isReversed: false },
  skipped: 0,
  hasColour: false,
};

function service(n: number, host = `www${n}.example.com`): NowService {
  const endpoint = `192.0.2.${n}:443`;
  const info = { name: `192.0.2.${n}_443` };
  return {
    service: { info, endpoint, protocol: 'TCP', hosts: [host], realServers: [] } as unknown as NowService['service'],
    traffic: `${n}0 M`,
    conns: String(n),
    change: '+4 %',
    realServers: '8',
    state: n === 1 ? 'share off' : '',
    silenced: '',
    day: Array.from({ length: 48 }, (_, i) => (i < 24 ? 0 : 8)),
    dayLastWeek: [],
  };
}

const content: TopContent = {
  director: 'lb1',
  note: null,
  readAt: '2026-11-21 14:35:00',
  failure: null,
  findings: [
    { severity: 'critical', since: '2026-11-21 09:50', subject: '192.0.2.1:443', text: 'no real server' },
    { severity: 'warning', since: '2026-11-21 10:50', subject: '10.0.0.2', text: 'weight 4 to 0' },
  ],
  services: Array.from({ length: 20 }, (_, i) => service(i + 1)),
};

describe('the screen of top', () => {
  test('has the findings above the services, with their figures and their day', () => {
    expect(topLines(content, { ...window, lines: 8 })).toEqual([
      'lb1  20 services  read 2026-11-21 14:35:00',
      '■ critical  2026-11-21 09:50  192.0.2.1:443: no real server',
      '▲ warning  2026-11-21 10:50  10.0.0.2: weight 4 to 0',
      '',
      'service                         bit/s ▾    conn/s    last week  24 h                        real  state                 ',
      '192.0.2.1:443 TCP www1.examp…      10 M         1         +4 %  ▁▁▁▁▁▁▁▁▁▁▁▁████████████       8  share off',
      '192.0.2.2:443 TCP www2.examp…      20 M         2         +4 %  ▁▁▁▁▁▁▁▁▁▁▁▁████████████       8',
      expect.stringMatching(/^q quit .*\(18 more below\)$/),
    ]);
  });

  test('fits windows of any size, and shortens host names before addresses', () => {
    for (const columns of [1, 20, 40, 60, 80, 200, 400])
      for (const lines of [1, 3, 8, 24, 60]) {
        const drawn = topLines(content, { ...window, columns, lines });
        expect(drawn.length).toBeLessThanOrEqual(lines);
        expect(Math.max(...drawn.map((line) => [...line].length))).toBeLessThanOrEqual(columns);
        if (columns >= 20 && lines >= 12) expect(drawn.join('\n')).toContain('192.0.2.1:443');
      }
  });

  test('shows how many findings have no room', () => {
    const findings = Array.from({ length: 30 }, (_, i) => ({ ...content.findings[0], subject: `10.0.0.${i}` }));
    const drawn = topLines({ ...content, findings: findings as TopContent['findings'] }, { ...window, lines: 13 });
    expect(drawn[4]).toBe('27 more findings: "lvs-stats status" lists them');
    expect(drawn.at(-2)).toMatch(/^192\.0\.2\./);
  });

  test('scrolls', () => {
    const drawn = topLines(content, { ...window, skipped: 15 });
    expect(drawn.join('\n')).not.toContain('192.0.2.15:443');
    expect(drawn.join('\n')).toContain('192.0.2.16:443');
  });

  test('has no control characters without colour, not even foreign ones', () => {
    const hostile = { ...content, services: [service(1, '\u001b[2Jevil')] };
    // biome-ignore lint/suspicious/noControlCharactersInRegex: the pattern finds them
    expect(topLines(hostile, window).join('')).not.toMatch(/[\u0000-\u001f]/);
    expect(topLines(hostile, { ...window, hasColour: true }).join('')).toContain('\u001b[31;1m■ critical');
  });

  test('tells a director without findings from one that was never read', () => {
    expect(topLines({ ...content, findings: [] }, window)[1]).toBe('Nothing is wrong.');
    const unread = topLines({ ...content, findings: [], services: [], readAt: null }, window).join('\n');
    expect(unread).toContain('nothing was read yet');
    expect(unread).not.toContain('Nothing is wrong.');
  });

  test('says why nothing newer is shown, and that it is a demonstration', () => {
    const drawn = topLines({ ...content, failure: 'the archives are busy', note: 'demonstration' }, window);
    expect(drawn.slice(0, 2)).toEqual([
      'DEMONSTRATION  lb1  20 services  read 2026-11-21 14:35:00',
      '! the archives are busy',
    ]);
  });
});
