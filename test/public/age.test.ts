import { describe, expect, test } from 'vitest';
import { ageOf, type Knowledge } from '../../public/page/age.js';
import { fixtureEndS as lastS } from './fixture-rows.js';

function knowledge(over: Partial<Knowledge> = {}): Knowledge {
  const status = { lastS, state: 'ok', message: '' } as const;
  return { status, unreachableSinceS: null, nowS: lastS + 130, timeZone: 'Asia/Tokyo', ...over };
}

describe('the age of the data', () => {
  test('is counted quietly while all is well', () => {
    expect(ageOf(knowledge())).toEqual({ text: '● 2 min ago', level: '', alarm: '', titlePrefix: '' });
    expect(ageOf(knowledge({ nowS: lastS + 20 })).text).toBe('● just now');
  });

  test('over ten minutes raises the alarm, even before the server reports it', () => {
    const { text, level, alarm, titlePrefix } = ageOf(knowledge({ nowS: lastS + 25 * 60 }));
    expect([text, level, titlePrefix]).toEqual(['▲ data is 25 min old', 'late', 'STOPPED · ']);
    expect(alarm).toBe('Collecting has stopped: the newest reading is from 2026-11-21 14:35 JST, 25 min ago.');
  });

  test('of a failed cycle is shown in the words of the server', () => {
    const status = { lastS, state: 'failed', message: 'ipvsadm: not permitted; run it as root.' } as const;
    expect(ageOf(knowledge({ status }))).toMatchObject({
      text: '✕ last cycle failed · 2 min ago',
      level: 'failed',
      alarm: status.message,
      titlePrefix: 'FAILED · ',
    });
  });

  test('of frozen counters is shown with its meaning', () => {
    const status = { lastS, state: 'frozen', message: 'The counters are frozen.' } as const;
    expect(ageOf(knowledge({ status }))).toEqual({
      text: '▲ counters frozen · 2 min ago',
      level: 'late',
      alarm: status.message,
      titlePrefix: 'FROZEN · ',
    });
  });

  test('of a server that does not answer says since when, and of when that is which is shown', () => {
    const { alarm, level } = ageOf(knowledge({ unreachableSinceS: lastS + 60, nowS: lastS + 3 * 86_400 }));
    expect(level).toBe('failed');
    expect(alarm).toContain('since 2026-11-21 14:36 JST. The newest data shown is from 2026-11-21 14:35 JST.');
  });

  test('before the first reading is no alarm', () => {
    const status = { lastS: null, state: 'empty', message: '' } as const;
    expect(ageOf(knowledge({ status }))).toMatchObject({ text: '○ no data yet', alarm: '' });
  });
});
