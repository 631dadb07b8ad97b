// The facts of a host: names that its imports resolved.

import { expect, test } from 'vitest';
import { openHost } from '../../../src/agent/host/host.js';
import type { Import } from '../../../src/agent/imports/import.js';
import type { NamedAddresses } from '../../../src/model/links/report.js';

function hostOf(...imports: readonly (readonly NamedAddresses[] | null)[]) {
  const opened = imports.map((names, i): Import => {
    const one = { name: `file:${i}`, targets: async () => [] };
    return names === null ? one : { ...one, names: () => names };
  });
  return openHost({ procRoot: '/nowhere', place: {}, imports: opened, nginx: null, say: () => {} });
}

test('names of several imports are one each, with all of their addresses but those of this host', () => {
  const host = hostOf(
    [
      { name: 'lb', addresses: ['203.0.113.1', '127.0.0.1'] },
      { name: 'localhost', addresses: ['127.0.0.1', '::1'] },
      { name: 'gone', addresses: [] },
    ],
    null,
    [{ name: 'lb', addresses: ['203.0.113.2', '203.0.113.1'] }],
  );
  expect(host.names()).toEqual([{ name: 'lb', addresses: ['203.0.113.1', '203.0.113.2'] }]);
  expect(hostOf(null).names()).toEqual([]);
});

test('names are as many as a report takes, and so are their addresses', () => {
  const addresses = Array.from({ length: 40 }, (_, i) => `203.0.113.${i}`);
  const names = Array.from({ length: 300 }, (_, i) => ({ name: `n${i}`, addresses }));
  const reported = hostOf(names).names();
  expect([reported.length, reported[0]?.addresses.length]).toEqual([200, 32]);
});
