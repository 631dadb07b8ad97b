// The body of a remote-write request, version 1.0: a protobuf message, packed by Snappy. https://prometheus.io/docs/specs/prw/remote_write_spec/
//
//   WriteRequest  1: TimeSeries, repeated
//   TimeSeries    1: Label, repeated      2: Sample, repeated
//   Label         1: name, text           2: value, text
//   Sample        1: value, double        2: time, varint, milliseconds
//
// Labels are copied from prepared bytes, since with new rows there are more bytes of labels than of samples.

import { compress } from 'snappyjs';
import {
  countOfRows,
  isWanted,
  metricOf,
  type RowSeries,
  rowLabel,
  type SeriesRows,
} from '../../engine/series/row-series.js';
import type { Sample } from '../../engine/series/sample.js';

/** The staleness marker of Prometheus: the NaN that says "unknown from here on" (model/value in prometheus/prometheus). */
const [staleHigh, staleLow] = [0x7ff00000, 2];

/** Field numbers and wire types, as the one byte that they take. */
const tags = { series: 0x0a, label: 0x0a, samples: 0x12, name: 0x0a, text: 0x12, value: 0x09, time: 0x10 } as const;

/** Bytes of a sample: both tags, a double, and a time of 1971 to 2109. */
const sampleBytes = 1 + 8 + 1 + 6;

/** The largest sum of lengths around a series. */
const headBytes = 16;

/** Encodes requests of one director. */
export class WriteRequestEncoder {
  readonly #director: Uint8Array;
  readonly #labels = new Map<string, Uint8Array>();
  #archive: { readonly name: string; readonly bytes: Uint8Array } = { name: '', bytes: labelBytes('archive', '') };
  #bytes = new Uint8Array(2 ** 16);
  #view = new DataView(this.#bytes.buffer);
  #at = 0;

  constructor(director: string) {
    this.#director = labelBytes('director', director);
  }

  /** The packed body with the wanted rows of some series; an array of its own. */
  encode(series: readonly SeriesRows[]): Uint8Array {
    this.#at = 0;
    for (const one of series) this.#series(one);
    return compress(this.#bytes.subarray(0, this.#at));
  }

  /** The packed body with single samples; an array of its own. */
  encodeSamples(samples: readonly Sample[]): Uint8Array {
    this.#at = 0;
    for (const { labels, timeS, value } of samples) {
      const bytes = labels.map(([name, text]) => labelBytes(name, text));
      this.#head(bytes, 1);
      this.#sample(value, 1000 * timeS);
    }
    return compress(this.#bytes.subarray(0, this.#at));
  }

  #series(series: SeriesRows): void {
    const count = countOfRows(series);
    if (count === 0) return;
    this.#head(this.#labelsOf(series), count);
    const { values, firstS, rowS } = series;
    for (let i = 0; i < values.length; i += 1) {
      if (isWanted(series, i)) this.#sample(values[i] ?? Number.NaN, 1000 * (firstS + i * rowS));
    }
  }

  /** The beginning of a series, up to its samples. */
  #head(labels: readonly Uint8Array[], samples: number): void {
    const length = labels.reduce((sum, one) => sum + one.length, samples * (2 + sampleBytes));
    this.#reserve(length + headBytes);
    this.#byte(tags.series);
    this.#varint(length);
    for (const one of labels) {
      this.#bytes.set(one, this.#at);
      this.#at += one.length;
    }
  }

  #labelsOf({ archive, dataSource, rowS, cf }: RowSeries): readonly Uint8Array[] {
    if (this.#archive.name !== archive) this.#archive = { name: archive, bytes: labelBytes('archive', archive) };
    const consolidation = cf === null ? [] : [this.#label('cf', cf)];
    const metric = this.#label('__name__', metricOf(dataSource));
    return [metric, this.#archive.bytes, ...consolidation, this.#director, this.#label('row', rowLabel(rowS))];
  }

  /** A label with one of few values. */
  #label(name: string, value: string): Uint8Array {
    const key = `${name}=${value}`;
    const bytes = this.#labels.get(key) ?? labelBytes(name, value);
    this.#labels.set(key, bytes);
    return bytes;
  }

  #sample(value: number, timeMs: number): void {
    this.#byte(tags.samples);
    this.#byte(sampleBytes);
    this.#byte(tags.value);
    if (Number.isNaN(value)) {
      this.#view.setUint32(this.#at, staleLow, true);
      this.#view.setUint32(this.#at + 4, staleHigh, true);
    } else this.#view.setFloat64(this.#at, value, true);
    this.#at += 8;
    this.#byte(tags.time);
    this.#varint(timeMs);
  }

  /** A whole number below 2^42. */
  #varint(value: number): void {
    let high = Math.floor(value / 2 ** 28);
    let low = value % 2 ** 28;
    for (let bits = 28; bits > 0 && (high > 0 || low > 127); bits -= 7) {
      this.#byte((low & 127) | 128);
      low >>>= 7;
    }
    if (high === 0) {
      this.#byte(low);
      return;
    }
    for (; high > 127; high >>>= 7) this.#byte((high & 127) | 128);
    this.#byte(high);
  }

  #byte(value: number): void {
    this.#bytes[this.#at] = value;
    this.#at += 1;
  }

  #reserve(count: number): void {
    if (this.#at + count <= this.#bytes.length) return;
    const grown = new Uint8Array(Math.max(2 * this.#bytes.length, this.#at + count));
    grown.set(this.#bytes);
    this.#bytes = grown;
    this.#view = new DataView(grown.buffer);
  }
}

/** A label as a field of a series. Throws a `RangeError` for a value that no name of ours has. */
function labelBytes(name: string, value: string): Uint8Array {
  const [key, text] = [Buffer.from(name), Buffer.from(value)];
  const [before, after] = [
    [tags.name, ...varintBytes(key.length)],
    [tags.text, ...varintBytes(text.length)],
  ];
  const length = before.length + key.length + after.length + text.length;
  return Uint8Array.from([tags.label, ...varintBytes(length), ...before, ...key, ...after, ...text]);
}

function varintBytes(value: number): readonly number[] {
  return value < 128 ? [value] : [(value & 127) | 128, ...varintBytes(value >>> 7)];
}
