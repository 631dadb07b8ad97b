// A backup: every record of the database as stored, in key order, in one file. The grammar is in docs/format.md, "Backup". The same
// archives give the same bytes.

import { createHash } from 'node:crypto';
import { StoreError } from '../store-error.js';

const magic = 'lvs-stats backup 1\n';

/** Longer than any header; if no line ends by then, the file is something else. */
const maxHeaderBytes = 4096;

/** Longer than any key, and than the table of a director with a hundred thousand real servers. */
const most = { keyBytes: 2048, valueBytes: 2 ** 28 };

/** Bytes per part of the output. */
const partBytes = 65_536;

/** The header of a backup. Times are epoch seconds. */
export interface BackupHeader {
  /** Layout of the database, as in migrate.ts. */
  readonly layout: number;
  /** Time of the newest reading; null when there is none. */
  readonly lastS: number | null;
  readonly archives: number;
  /** The retention, in the form of `--retention`. */
  readonly retention: string;
}

/** Counts of what was written or read. */
export interface BackupTally {
  readonly header: BackupHeader;
  readonly records: number;
}

/** Writes a backup of records in parts, and returns their counts. */
export async function* formatBackup(
  header: BackupHeader,
  records: AsyncIterable<readonly [Buffer, Buffer]>,
): AsyncGenerator<Buffer, number> {
  const hash = createHash('sha256');
  let parts: Buffer[] = [];
  let bytes = 0;
  let count = 0;
  const add = (part: Buffer): void => {
    hash.update(part);
    parts.push(part);
    bytes += part.length;
  };
  add(Buffer.from(`${magic}${JSON.stringify(header)}\n`));
  for await (const [key, value] of records) {
    const head = Buffer.allocUnsafe(6);
    head.writeUInt16LE(key.length, 0);
    head.writeUInt32LE(value.length, 2);
    for (const part of [head, key, value]) add(part);
    count += 1;
    if (bytes < partBytes) continue;
    yield Buffer.concat(parts);
    [parts, bytes] = [[], 0];
  }
  const end = Buffer.alloc(6);
  end.writeUInt32LE(count, 2);
  add(end);
  yield Buffer.concat([...parts, hash.digest()]);
  return count;
}

/**
 * Reads a backup and passes each record to `take`, in order. Throws a `StoreError`, `bad-backup`, when it is not a backup or is incomplete.
 */
export async function readBackup(
  parts: AsyncIterable<Buffer>,
  take: (key: Buffer, value: Buffer) => Promise<void>,
): Promise<BackupTally> {
  const input = new Input(parts);
  const header = parseHeader(await input.line());
  for (let records = 0; ; records += 1) {
    const head = await input.bytes(6);
    const [keyBytes, valueBytes] = [head.readUInt16LE(0), head.readUInt32LE(2)];
    if (keyBytes > most.keyBytes || (keyBytes > 0 && valueBytes > most.valueBytes))
      throw bad('a record of it is damaged');
    if (keyBytes > 0) {
      const key = await input.bytes(keyBytes);
      await take(key, await input.bytes(valueBytes));
      continue;
    }
    const digest = input.digest();
    const isWhole = valueBytes === records && (await input.bytes(32)).equals(digest) && (await input.isAtEnd());
    if (!isWhole) throw bad('its checksum is another one: it was changed, or damaged');
    return { header, records };
  }
}

function parseHeader(lines: readonly [string, string]): BackupHeader {
  const [first, second] = lines;
  if (`${first}\n` !== magic) {
    if (/^lvs-stats backup \d+$/.test(first)) throw bad(`it says "${first}": upgrade lvs-stats`);
    throw bad('it does not begin as one that "lvs-stats backup" wrote');
  }
  try {
    const { layout, lastS, archives, retention } = JSON.parse(second) as BackupHeader;
    const isWhole =
      Number.isSafeInteger(layout) && (lastS === null || Number.isSafeInteger(lastS)) && Number.isSafeInteger(archives);
    if (isWhole && typeof retention === 'string') return { layout, lastS, archives, retention };
  } catch {}
  throw bad('its header is damaged');
}

function bad(why: string): StoreError {
  return new StoreError('bad-backup', `this is not a complete backup: ${why}`);
}

/** An input buffer, with the checksum of the bytes taken from it. */
class Input {
  readonly #parts: AsyncIterator<Buffer>;
  readonly #hash = createHash('sha256');
  #left: Buffer = Buffer.alloc(0);

  constructor(parts: AsyncIterable<Buffer>) {
    this.#parts = parts[Symbol.asyncIterator]();
  }

  /** The first two lines. */
  async line(): Promise<readonly [string, string]> {
    const ends = (): number => this.#left.indexOf(0x0a, this.#left.indexOf(0x0a) + 1);
    while ((ends() < 0 || this.#left.indexOf(0x0a) < 0) && this.#left.length < maxHeaderBytes) {
      if (!(await this.#more())) break;
    }
    const end = ends();
    if (end <= 0) throw bad('it does not begin as one that "lvs-stats backup" wrote');
    const [first = '', second = ''] = (await this.bytes(end + 1)).toString().split('\n');
    return [first, second];
  }

  async bytes(count: number): Promise<Buffer> {
    if (this.#left.length < count) await this.#gather(count);
    const taken = this.#left.subarray(0, count);
    this.#left = this.#left.subarray(count);
    this.#hash.update(taken);
    return taken;
  }

  digest(): Buffer {
    return this.#hash.copy().digest();
  }

  async isAtEnd(): Promise<boolean> {
    return this.#left.length === 0 && !(await this.#more());
  }

  /** Joins parts once, however many a long value needs. */
  async #gather(count: number): Promise<void> {
    const parts = [this.#left];
    for (let bytes = this.#left.length; bytes < count; ) {
      const { done, value } = await this.#parts.next();
      if (done === true) throw bad('it is cut off');
      parts.push(value);
      bytes += value.length;
    }
    this.#left = Buffer.concat(parts);
  }

  async #more(): Promise<boolean> {
    const { done, value } = await this.#parts.next();
    if (done === true) return false;
    this.#left = this.#left.length === 0 ? value : Buffer.concat([this.#left, value]);
    return true;
  }
}
