// Pinned links: rules by name and by role.

import { expect, test } from 'vitest';
import { pinnedTargets } from '../../../src/model/policy/links.js';

const watch = [
  { agents: 'web{1,2}*', role: null, to: ['10.0.0.1', '[2001:db8::1]:3306'] },
  { agents: null, role: 'db', to: ['10.0.0.1', '10.0.0.2:80'] },
];

test('the targets of an agent are those of its rules, each once, without itself', () => {
  expect([...pinnedTargets({ watch }, { name: 'web17', role: 'db' })]).toEqual([
    '10.0.0.1',
    '[2001:db8::1]:3306',
    '10.0.0.2:80',
  ]);
  const addresses = new Set(['2001:db8::1', '10.0.0.2']);
  expect([...pinnedTargets({ watch }, { name: 'web17', role: 'db', addresses })]).toEqual(['10.0.0.1']);
  expect([...pinnedTargets({ watch }, { name: 'web3', role: null })]).toEqual([]);
});

test.each([
  ['web1', null, '[2001:db8::1]:3306', true],
  ['web1', null, '2001:db8::1', false],
  ['web1', null, '10.0.0.2:80', false],
  ['mysql', 'db', '10.0.0.2:80', true],
  ['mysql', 'web', '10.0.0.2:80', false],
] as const)('from %s (role %s) to %s: %s', (name, role, to, expected) => {
  expect(pinnedTargets({ watch }, { name, role }).has(to)).toBe(expected);
});
