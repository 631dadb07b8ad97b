// Decodes the body of a remote-write request, by the specification and independent of the encoder. https://protobuf.dev/programming-guides/encoding/

import { uncompress } from 'snappyjs';

/** A series as a receiver gets it. */
export interface DecodedSeries {
  readonly labels: readonly (readonly [name: string, value: string])[];
  readonly samples: readonly { readonly timeMs: number; readonly value: number; readonly bits: bigint }[];
}

type Field = readonly [number: number, value: Uint8Array | bigint];

/** The fields of a message: bytes, or the bits of a number. */
function fieldsOf(bytes: Uint8Array): readonly Field[] {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
  const fields: Field[] = [];
  let at = 0;
  const varint = (): bigint => {
    let value = 0n;
    for (let bits = 0n; ; bits += 7n) {
      const byte = view.getUint8(at++);
      value |= BigInt(byte & 127) << bits;
      if (byte < 128) return value;
    }
  };
  while (at < bytes.length) {
    const tag = Number(varint());
    if ((tag & 7) === 0) fields.push([tag >> 3, varint()]);
    else if ((tag & 7) === 1) {
      fields.push([tag >> 3, view.getBigUint64(at, true)]);
      at += 8;
    } else if ((tag & 7) === 2) {
      const length = Number(varint());
      if (at + length > bytes.length) throw new Error('a field is longer than its message');
      fields.push([tag >> 3, bytes.subarray(at, at + length)]);
      at += length;
    } else throw new Error(`wire type ${tag & 7}`);
  }
  return fields;
}

function bytesIn(fields: readonly Field[], number: number): readonly Uint8Array[] {
  return fields.flatMap(([own, value]) => (own === number && value instanceof Uint8Array ? [value] : []));
}

function numberIn(fields: readonly Field[], number: number): bigint {
  const value = fields.find(([own]) => own === number)?.[1];
  if (typeof value !== 'bigint') throw new Error(`no number in field ${number}`);
  return value;
}

/** The series of a body. */
export function decodeWriteRequest(body: Uint8Array): readonly DecodedSeries[] {
  return bytesIn(fieldsOf(uncompress(body)), 1).map((series) => {
    const fields = fieldsOf(series);
    return {
      labels: bytesIn(fields, 1).map((label) => {
        const [name, value] = [1, 2].map((number) => Buffer.from(bytesIn(fieldsOf(label), number)[0] ?? []).toString());
        return [name ?? '', value ?? ''] as const;
      }),
      samples: bytesIn(fields, 2).map((sample) => {
        const own = fieldsOf(sample);
        const bits = numberIn(own, 1);
        const value = new DataView(BigUint64Array.of(bits).buffer).getFloat64(0, true);
        return { timeMs: Number(numberIn(own, 2)), value, bits };
      }),
    };
  });
}
