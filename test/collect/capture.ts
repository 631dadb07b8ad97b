// Reads the captures and the hostile lines under test/fixtures.

import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { gunzipSync } from 'node:zlib';

/** The path of a file or folder under test/fixtures. */
export function fixturePath(name: string): string {
  return fileURLToPath(new URL(`../fixtures/${name}`, import.meta.url));
}

/** A capture's text, one character a byte; one that is compressed is named without its `.gz`. */
export function capture(name: string): string {
  const bytes = name.startsWith('scale/')
    ? gunzipSync(readFileSync(fixturePath(`ipvs/${name}.gz`)))
    : readFileSync(fixturePath(`ipvs/${name}`));
  return bytes.toString('latin1');
}

/** The lines of a file of cases. */
export function hostileLines(name: string): readonly string[] {
  return readFileSync(fixturePath(`ipvs/hostile/${name}`), 'latin1')
    .split('\n')
    .slice(0, -1);
}

/** A text with a character for each byte. */
export function latin1(bytes: Uint8Array | string): string {
  return typeof bytes === 'string' ? bytes : Buffer.from(bytes).toString('latin1');
}
