// Formats an archive as the XML that `rrdtool restore` reads and `rrdtool dump` writes (rrd_dump.c, version 0003), in parts: a whole one is
// over 10 MB. Values have all the digits they need, so restoring gives exactly the stored values.

import type { Dump, DumpRra, DumpSource } from '../model/dump.js';

/** Rows per part of the text. */
const rowsAtOnce = 1000;

/** The text, in parts. */
export function* formatDump({ stepS, lastS, sources, rras }: Dump): Generator<string, void> {
  yield '<?xml version="1.0" encoding="utf-8"?>\n' +
    '<!DOCTYPE rrd SYSTEM "https://oss.oetiker.ch/rrdtool/rrdtool.dtd">\n' +
    '<!-- Round Robin Database Dump -->\n' +
    `<rrd>\n\t<version>0003</version>\n\t<step>${stepS}</step> <!-- Seconds -->\n` +
    `\t<lastupdate>${lastS}</lastupdate> <!-- ${timeText(lastS)} -->\n\n`;
  for (const source of sources) yield sourceText(source);
  yield '\t<!-- Round Robin Archives -->\n';
  for (const rra of rras) yield* rraText(rra, stepS, lastS);
  yield '</rrd>\n';
}

function sourceText({ name, kind, heartbeatS, min, max, lastDs, value, unknownS }: DumpSource): string {
  return (
    `\t<ds>\n\t\t<name> ${name} </name>\n\t\t<type> ${kind} </type>\n` +
    `\t\t<minimal_heartbeat>${heartbeatS}</minimal_heartbeat>\n` +
    `\t\t<min>${number(min)}</min>\n\t\t<max>${number(max)}</max>\n\n` +
    `\t\t<!-- PDP Status -->\n\t\t<last_ds>${lastDs}</last_ds>\n\t\t<value>${number(value)}</value>\n` +
    `\t\t<unknown_sec> ${unknownS} </unknown_sec>\n\t</ds>\n\n`
  );
}

function* rraText(rra: DumpRra, stepS: number, lastS: number): Generator<string, void> {
  const { cf, pdpPerRow, xff, columns } = rra;
  const rowS = pdpPerRow * stepS;
  const count = columns[0]?.length ?? 0;
  const preps = rra.preps.map(({ value, unknownPdps }, i) => {
    // The value of the newest row; rrdtool overwrites it before reading it.
    const newest = number(columns[i]?.[count - 1] ?? Number.NaN);
    return (
      `\t\t\t<ds>\n\t\t\t<primary_value>${newest}</primary_value>\n\t\t\t<secondary_value>${newest}</secondary_value>\n` +
      `\t\t\t<value>${number(value)}</value>\n\t\t\t<unknown_datapoints>${unknownPdps}</unknown_datapoints>\n\t\t\t</ds>\n`
    );
  });
  yield `\t<rra>\n\t\t<cf>${cf}</cf>\n\t\t<pdp_per_row>${pdpPerRow}</pdp_per_row> <!-- ${rowS} seconds -->\n\n` +
    `\t\t<params>\n\t\t<xff>${number(xff)}</xff>\n\t\t</params>\n` +
    `\t\t<cdp_prep>\n${preps.join('')}\t\t</cdp_prep>\n\t\t<database>\n`;
  const endS = lastS - (lastS % rowS);
  for (let from = 0; from < count; from += rowsAtOnce) {
    let text = '';
    for (let row = from; row < Math.min(count, from + rowsAtOnce); row += 1) {
      const timeS = endS - (count - 1 - row) * rowS;
      const values = columns.map((column) => `<v>${number(column[row] ?? Number.NaN)}</v>`).join('');
      text += `\t\t\t<!-- ${timeText(timeS)} / ${timeS} --> <row>${values}</row>\n`;
    }
    yield text;
  }
  yield '\t\t</database>\n\t</rra>\n';
}

function number(value: number): string {
  if (Number.isNaN(value)) return 'NaN';
  if (!Number.isFinite(value)) return value > 0 ? '+inf' : '-inf';
  return value.toExponential();
}

function timeText(timeS: number): string {
  return new Date(timeS * 1000).toISOString().replace('T', ' ').replace('.000Z', ' UTC');
}
