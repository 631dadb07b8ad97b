// The program's help: every command under its group's heading.

import { expect, test } from 'vitest';
import { succeed } from './program.js';

const groups: Readonly<Record<string, readonly string[]>> = {
  Collect: ['collect', 'agent', 'replay', 'setup'],
  Look: ['serve', 'render', 'picture', 'list', 'fetch', 'demo'],
  Watch: ['status', 'top', 'drift', 'links', 'map', 'survive', 'silence', 'metrics', 'alerts', 'events', 'doctor'],
  Data: ['import', 'push', 'export', 'forget', 'backup', 'restore'],
  Maintain: ['rewind', 'check', 'repair', 'completion', 'help'],
};

test('help lists the commands in five groups, from collecting to maintenance', async () => {
  const sections = (await succeed('--help')).split('\n\n').filter((section) => /^[A-Z]\w+:\n/.test(section));
  const listed = sections.map((section) => [
    section.slice(0, section.indexOf(':')),
    [...section.matchAll(/^ {2}([a-z]+)/gm)].map(([, name]) => name),
  ]);
  expect(listed.slice(1)).toEqual(Object.entries(groups));
});
