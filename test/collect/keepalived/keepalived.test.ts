// The fixtures as keepalived itself reads them; skipped where it is not installed.

import { spawnSync } from 'node:child_process';
import { readdirSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { describe, expect, test } from 'vitest';
import { readKeepalived } from '../../../src/collect/keepalived/read-keepalived.js';

const hasKeepalived = spawnSync('keepalived', ['--version']).error === undefined;

describe.skipIf(!hasKeepalived)('keepalived (skipped where it is not installed)', () => {
  const fixtures = resolve(import.meta.dirname, '../../fixtures/keepalived');
  // These are not as keepalived wants them.
  const wrong = ['unknown', 'dpvs', 'cycle', 'sequences', 'checks'];

  test.each(readdirSync(fixtures).filter((name) => !name.includes('.') && !wrong.includes(name)))(
    'knows every word of %s, as this program does',
    (name) => {
      const file = join(fixtures, name, 'keepalived.conf');
      const args = ['--config-test', '--log-console', '--config-id=lb1', '--check', `--use-file=${file}`];
      const { stderr, stdout } = spawnSync('keepalived', args, { encoding: 'utf8' });
      const said = stderr + stdout;
      expect(said).not.toMatch(/Unknown keyword|Unexpected|Extra|missing '}'/);
      const known = readKeepalived({ file, configId: 'lb1' }).notes.filter(({ text }) => text.startsWith('unknown'));
      expect(known).toEqual([]);
    },
  );
});
