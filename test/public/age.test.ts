import { describe, expect, test } from 'vitest';
import { ageOf, type Knowledge } from '../../public/page/age.js';
import { fixtureEndS as lastS } from './fixture-rows.js';

function knowledge(over: Partial<Knowledge> = {}): Knowledge {
  const status = { lastS, state: 'ok', message: '' } as const;
  return { status, unreachableSinceS: null, nowS: lastS + 130, timeZone: 'Asia/Tokyo', ...over };
}

describe('the age of the data', () => {
  test('is shown quietly while all is well', () => {
    expect(ageOf(knowledge())).toEqual({ text: '● 2 min ago', level: '', alarm: '', titlePrefix: '' });
    expect(ageOf(knowledge({ nowS: lastS + 20 })).text).toBe('● just now');
  });

  test('raises the alarm over ten minutes, even before the server reports it', () => {
    const { text, level, alarm, titlePrefix } = ageOf(knowledge({ nowS: lastS + 25 * 60 }));
    expect([text, level, titlePrefix]).toEqual(['▲ data is 25 min old', 'late', 'STOPPED · ']);
    expect(alarm).toBe('Collecting has stopped: the newest reading is from 2026-11-21 14:35 JST, 25 min ago.');
  });

  test("shows the server's message for a failed cycle", () => {
    const status = { lastS, state: 'failed', message: 'ipvsadm: not permitted; run it as root.' } as const;
    expect(ageOf(knowledge({ status }))).toMatchObject({
      text: '✕ last cycle failed · 2 min ago',
      level: 'failed',
      alarm: status.message,
      titlePrefix: 'FAILED · ',
    });
  });

  test('shows frozen counters with their meaning', () => {
    const status = { lastS, state: 'frozen', message: 'The counters are frozen.' } as const;
    expect(ageOf(knowledge({ status }))).toEqual({
      text: '▲ counters frozen · 2 min ago',
      level: 'late',
      alarm: status.message,
      titlePrefix: 'FROZEN · ',
    });
  });

  test('states since when a server has not answered, and the age of the data shown', () => {
    const { alarm, level } = ageOf(knowledge({ unreachableSinceS: lastS + 60, nowS: lastS + 3 * 86_400 }));
    expect(level).toBe('failed');
    expect(alarm).toContain('since 2026-11-21 14:36 JST. The newest data shown is from 2026-11-21 14:35 JST.');
  });

  test('raises no alarm before the first reading', () => {
    const status = { lastS: null, state: 'empty', message: '' } as const;
    expect(ageOf(knowledge({ status }))).toMatchObject({ text: '○ no data yet', alarm: '' });
  });
});
