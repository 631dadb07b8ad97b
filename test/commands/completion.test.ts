// The manual and the completions, which are generated from the commands.

import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { succeed } from './program.js';

test('the manual page is up to date with the commands ("npm run manual" rewrites it)', async () => {
  expect(readFileSync('docs/lvs-stats.1', 'utf8')).toBe(await succeed('completion', 'man'));
});

test('bash completes commands, options, and the values of options', async () => {
  const script = await succeed('completion', 'bash');
  const complete = (...words: readonly string[]): string[] => {
    const line = `COMP_WORDS=(${words.map((word) => `'${word}'`).join(' ')}); COMP_CWORD=${words.length - 1}`;
    const run = `${script}\n${line}\n_lvs_stats\nprintf '%s\\n' "\${COMPREPLY[@]}"`;
    return execFileSync('bash', ['-c', run], { encoding: 'utf8' })
      .split('\n')
      .filter((word) => word !== '');
  };
  expect(complete('lvs-stats', 're')).toEqual(expect.arrayContaining(['render', 'repair', 'replay', 'rewind']));
  expect(complete('lvs-stats', 'fetch', '--st')).toEqual(['--start', '--step']);
  expect(complete('lvs-stats', 'list', '--format', '')).toEqual(['table', 'json']);
  expect(complete('lvs-stats', 'collect', '--data', 'sr')).toContain('src');
  expect(complete('lvs-stats', 'collect', '--budget', '')).toEqual([]);
});

test('zsh completes the same commands and options, with their descriptions', async () => {
  const script = await succeed('completion', 'zsh');
  expect(script).toMatch(/^#compdef lvs-stats$/m);
  expect(script).toContain("'doctor:Reports what this machine lacks, and how to fix it.'");
  expect(script).toContain(':format:(text json)');
});
