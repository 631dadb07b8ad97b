import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, test } from 'vitest';
import { readHandedStatus } from '../../../../src/collect/ipvs/proc/handed-status.js';

const folder = mkdtempSync(join(tmpdir(), 'credentials-'));
afterAll(() => rmSync(folder, { recursive: true }));
writeFileSync(join(folder, 'ip_vs_status'), 'Conns:\t1\n');

describe('readHandedStatus', () => {
  test.each([
    ["the variable of cron's line", { IP_VS_STATUS: 'Conns:\t2' }, 'Conns:\t2'],
    ['the variable though it is empty, which cron leaves it on an older kernel', { IP_VS_STATUS: '' }, ''],
    ['the credential of systemd', { CREDENTIALS_DIRECTORY: folder }, 'Conns:\t1\n'],
    ['nothing from a folder of other credentials', { CREDENTIALS_DIRECTORY: join(folder, 'other') }, null],
    ['nothing where nobody hands over any', {}, null],
  ])('takes %s', (_, environment, expected) => {
    expect(readHandedStatus(environment)).toBe(expected);
  });
});
