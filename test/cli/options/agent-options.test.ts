// The name, the key and the certificates of an agent.

import { chmodSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { agentNameOf, readAgentKey, readCertificates } from '../../../src/cli/options/agent-options.js';

const key = '0123456789abcdef'.repeat(4);
let folder = '';
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'lvs-stats-key-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

function fileOf(text: string, mode = 0o600, name = 'key'): string {
  const file = join(folder, name);
  writeFileSync(file, text);
  chmodSync(file, mode);
  return file;
}

describe('the key of an agent', () => {
  test('comes from the file named, else from the variable, else from systemd', () => {
    const others = { LVS_STATS_AGENT_KEY: '1'.repeat(64), CREDENTIALS_DIRECTORY: folder };
    fileOf('2'.repeat(64), 0o440, 'agent-key');
    expect(readAgentKey({ key: fileOf(`${key}\n`) }, others)).toBe(key);
    expect(readAgentKey({}, others)).toBe('1'.repeat(64));
    expect(readAgentKey({}, { CREDENTIALS_DIRECTORY: folder })).toBe('2'.repeat(64));
  });

  test.each([0o644, 0o604, 0o602, 0o620, 0o666])('is refused where others may use it: mode %o', (mode) => {
    expect(() => readAgentKey({ key: fileOf(key, mode) }, {})).toThrow(/others may use the key in .*: chmod 600/);
  });

  test.each(['', 'short', key.toUpperCase(), `${key}0`, `${key}\n${key}`, 'z'.repeat(64)])(
    'has 64 hexadecimal digits, not "%s"',
    (text) => {
      const read = () => readAgentKey({ key: fileOf(text) }, {});
      expect(read).toThrow(/holds no key: it has 64 hexadecimal digits/);
      if (text.length > 10) expect(read).not.toThrow(text.slice(0, 10));
      expect(() => readAgentKey({}, { LVS_STATS_AGENT_KEY: text })).toThrow(
        /the variable LVS_STATS_AGENT_KEY holds no key/,
      );
    },
  );

  test('that cannot be read is an error with its file', () => {
    expect(() => readAgentKey({ key: join(folder, 'none') }, {})).toThrow(/cannot read the key in .*none: ENOENT/);
    expect(() => readAgentKey({ key: folder }, {})).toThrow(/others may use|a folder/);
  });
});

describe('the name of an agent', () => {
  test('is the one named', () => {
    expect(agentNameOf({ name: 'web01.example.com' })).toBe('web01.example.com');
  });

  test.each(['', '-a', 'a b', 'a/b', 'a'.repeat(64)])('is refused: "%s"', (name) => {
    expect(() => agentNameOf({ name })).toThrow(/cannot name an agent/);
  });
});

describe('certificates', () => {
  test('come from a PEM file', () => {
    const pem = '-----BEGIN CERTIFICATE-----\nx\n-----END CERTIFICATE-----\n';
    expect(readCertificates({ ca: fileOf(pem, 0o644) })).toBe(pem);
    expect(readCertificates({})).toBeNull();
    expect(() => readCertificates({ ca: fileOf('x') })).toThrow(/has no certificate in PEM form/);
    expect(() => readCertificates({ ca: join(folder, 'none') })).toThrow(/cannot read the certificates/);
  });
});
