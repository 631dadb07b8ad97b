// A kept reading of a configuration is read again whenever any part of it may have changed, and only then.

import { mkdirSync, mkdtempSync, renameSync, rmSync, utimesSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { KeptReading } from '../../../src/collect/keepalived/kept-reading.js';

let folder = '';
let file = '';
const service = (host: number) =>
  `virtual_server 192.0.2.${host} 80 {\nprotocol TCP\nreal_server 198.51.100.1 80 {\n}\n}\n`;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'lvs-kept-'));
  file = join(folder, 'keepalived.conf');
  mkdirSync(join(folder, 'conf.d'));
  writeFileSync(file, `${service(1)}include conf.d/*.conf\ninclude extra.conf\n`);
  writeFileSync(join(folder, 'conf.d/a.conf'), service(2));
});
afterEach(() => {
  vi.useRealTimers();
  rmSync(folder, { recursive: true });
});

/** A reading that was made long after the last change. */
function settled(): { readonly reading: KeptReading; readonly read: () => readonly string[]; readonly first: object } {
  vi.useFakeTimers({ now: Date.now() + 60_000, toFake: ['Date'] });
  const reading = new KeptReading();
  const first = reading.read({ file, configId: 'lb1' });
  return { reading, first, read: () => [...reading.read({ file, configId: 'lb1' }).services.keys()] };
}

describe('a kept reading', () => {
  test('is the same while nothing changes', () => {
    const { reading, first } = settled();
    expect(reading.read({ file, configId: 'lb1' })).toBe(first);
    expect(reading.read({ file, configId: 'lb2' })).not.toBe(first);
  });

  test.each<readonly [title: string, change: () => void, hosts: readonly number[]]>([
    ['the file', () => writeFileSync(file, service(3)), [3]],
    ['an included file', () => writeFileSync(join(folder, 'conf.d/a.conf'), service(4)), [1, 4]],
    ['a file of the same size and time', () => replace(join(folder, 'conf.d/a.conf'), service(5)), [1, 5]],
    ['a new file that the wildcards match', () => writeFileSync(join(folder, 'conf.d/b.conf'), service(6)), [1, 2, 6]],
    ['a file that was missing', () => writeFileSync(join(folder, 'extra.conf'), service(7)), [1, 2, 7]],
    ['a file that goes', () => rmSync(join(folder, 'conf.d/a.conf')), [1]],
  ])('is read again after a change of %s', (_, change, hosts) => {
    const { read } = settled();
    expect(read()).toEqual(['192.0.2.1_80', '192.0.2.2_80']);
    change();
    expect(read()).toEqual(hosts.map((host) => `192.0.2.${host}_80`));
  });

  test('is not kept if a file changed a moment ago, since it may change again in the same tick of the clock', () => {
    const reading = new KeptReading();
    const first = reading.read({ file, configId: 'lb1' });
    expect(reading.read({ file, configId: 'lb1' })).not.toBe(first);
    expect(reading.read({ file, configId: 'lb1' })).toEqual(first);
  });

  test('is not kept where the file cannot be read', () => {
    const { read } = settled();
    renameSync(file, `${file}.away`);
    expect(read).toThrow(/cannot read keepalived's configuration/);
    renameSync(`${file}.away`, file);
    expect(read()).toHaveLength(2);
  });
});

function replace(path: string, text: string): void {
  writeFileSync(`${path}.new`, text);
  const time = new Date(1_700_000_000_000);
  utimesSync(path, time, time);
  utimesSync(`${path}.new`, time, time);
  renameSync(`${path}.new`, path);
}
