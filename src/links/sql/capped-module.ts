// SQLite as a WebAssembly module whose memory cannot grow beyond a limit, which the engine enforces whatever a query does. sql.js defines its
// memory in the module, with a maximum of 2 GiB; the limits of a worker thread do not count it. So the maximum in the memory section is replaced.
// https://webassembly.github.io/spec/core/binary/modules.html#memory-section

/** Bytes of a page of WebAssembly. */
const pageBytes = 64 * 1024;

const memorySection = 5;
/** Of limits with a maximum. */
const hasMaximum = 1;

/** A module's bytes with another maximum of memory. Throws an `Error` if the module has no memory of its own with a maximum, or begins with more. */
export function cappedModule(bytes: Uint8Array, maxBytes: number): Uint8Array {
  const { at, end } = maximumOf(bytes, Math.floor(maxBytes / pageBytes));
  const capped = Uint8Array.from(bytes);
  // The number keeps its length, so that the section does: LEB128 permits leading zeros.
  let rest = Math.floor(maxBytes / pageBytes);
  for (let i = at; i < end; i += 1) {
    capped[i] = (rest & 0x7f) | (i < end - 1 ? 0x80 : 0);
    rest >>>= 7;
  }
  if (rest !== 0) throw new Error(`a maximum of ${maxBytes} bytes is longer than the one of the module`);
  return capped;
}

/** The place of the maximum. */
function maximumOf(bytes: Uint8Array, maxPages: number): { readonly at: number; readonly end: number } {
  // After the magic number and the version come sections: a number, a length, and that many bytes.
  let at = 8;
  const next = (): number => {
    let [value, unit, byte] = [0, 1, 0x80];
    while (byte >= 0x80) {
      byte = bytes[at] ?? 0;
      value += (byte & 0x7f) * unit;
      unit *= 128;
      at += 1;
    }
    return value;
  };
  while (at < bytes.length) {
    const section = next();
    const length = next();
    if (section !== memorySection) {
      at += length;
      continue;
    }
    const [memories, kind, minimumPages, maximumAt] = [next(), next(), next(), at];
    if (memories !== 1 || kind !== hasMaximum) break;
    next();
    if (minimumPages > maxPages)
      throw new Error(`the module begins with ${minimumPages} pages, over the limit of ${maxPages}`);
    return { at: maximumAt, end: at };
  }
  throw new Error('the module of sql.js has no memory with a maximum: is it another version?');
}
