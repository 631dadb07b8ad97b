import { expect, test } from 'vitest';
import { standardRetention } from '../../../src/model/retention.js';
import { rowsOfStretch } from '../../../src/web/data/stretches.js';
import { archiveOf, lastS, sourceOf } from '../../render/sample-archives.js';

test('a period ends with the newest reading of the director, even for an archive that is gone', async () => {
  const gone = archiveOf('192.0.2.1_80', { goneS: lastS - 9 * 86_400, lastS: lastS - 9 * 86_400 });
  const ground = { lastS, widthPx: 700, timeZone: 'UTC' };
  const stretch = { kind: 'period', period: 'day' } as const;
  const { span } = await rowsOfStretch(sourceOf([gone]), { archive: gone, stretch }, ground);
  expect(span.endS).toBe(lastS - (lastS % standardRetention.stepS));
});
