// Reads the captures and the hostile lines under test/fixtures.

import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { gunzipSync } from 'node:zlib';

/** The path of a file or folder under test/fixtures. */
export function fixturePath(name: string): string {
  return fileURLToPath(new URL(`../fixtures/${name}`, import.meta.url));
}

/** A capture's text, one character per byte. Compressed captures are named without `.gz`. */
export function capture(name: string): string {
  const bytes = name.startsWith('scale/')
    ? gunzipSync(readFileSync(fixturePath(`ipvs/${name}.gz`)))
    : readFileSync(fixturePath(`ipvs/${name}`));
  return bytes.toString('latin1');
}

/** The cases in a file, one per line. */
export function hostileLines(name: string): readonly string[] {
  return readFileSync(fixturePath(`ipvs/hostile/${name}`), 'latin1')
    .split('\n')
    .slice(0, -1);
}

/** Decodes bytes to one character each. */
export function latin1(bytes: Uint8Array | string): string {
  return typeof bytes === 'string' ? bytes : Buffer.from(bytes).toString('latin1');
}
