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
    ['the empty variable that cron sets on an older kernel', { IP_VS_STATUS: '' }, ''],
    ['the credential of systemd', { CREDENTIALS_DIRECTORY: folder }, 'Conns:\t1\n'],
    ['nothing if the folder holds other credentials', { CREDENTIALS_DIRECTORY: join(folder, 'other') }, null],
    ['nothing without either', {}, null],
  ])('returns %s', (_, environment, expected) => {
    expect(readHandedStatus(environment)).toBe(expected);
  });
});
