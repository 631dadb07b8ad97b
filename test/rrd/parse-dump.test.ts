// The parser of the XML of `rrdtool dump`: dumps it accepts, and input it rejects.

import { readFileSync } from 'node:fs';
import { gunzipSync } from 'node:zlib';
import { describe, expect, test } from 'vitest';
import { formatDump } from '../../src/rrd/format-dump.js';
import { DumpParser } from '../../src/rrd/parse-dump.js';

const small = [
  '<?xml version="1.0" encoding="utf-8"?>',
  '<!DOCTYPE rrd SYSTEM "https://oss.oetiker.ch/rrdtool/rrdtool.dtd">',
  '<rrd> <version> 0003 </version>',
  '<step> 300 </step> <!-- Seconds -->',
  '<lastupdate> 1700000400 </lastupdate>',
  '<ds> <name> a </name> <type> GAUGE </type> <minimal_heartbeat> 600 </minimal_heartbeat>',
  '<min> NaN </min> <max> NaN </max> <last_ds> UNKN </last_ds> <value> 0.0e+00 </value> <unknown_sec> 0 </unknown_sec> </ds>',
  '<rra> <cf> AVERAGE </cf> <pdp_per_row> 1 </pdp_per_row> <params> <xff> 5.0e-01 </xff> </params>',
  '<cdp_prep><ds><primary_value> 1 </primary_value><value> NaN </value><unknown_datapoints> 0 </unknown_datapoints></ds></cdp_prep>',
  '<database> <!-- a -- comment > --> <row><v> 1.5e+00 </v></row>',
  '<row><v> -nan </v></row>',
  '<row><v>+inf</v></row> </database> </rra>',
  '</rrd>',
];

function parse(text: string, charsAtATime = text.length) {
  const parser = new DumpParser('a.xml');
  for (let at = 0; at < text.length; at += charsAtATime) parser.push(text.slice(at, at + charsAtATime));
  return parser.finish();
}

test.each([1, 2, 3, 7, 10_000])('parses a dump that arrives in pieces of %d characters', (chars) => {
  const dump = parse(small.join('\n'), chars);
  expect(dump).toMatchObject({
    stepS: 300,
    lastS: 1_700_000_400,
    sources: [{ name: 'a', kind: 'GAUGE', heartbeatS: 600 }],
  });
  expect(dump.rras[0]).toMatchObject({ cf: 'AVERAGE', pdpPerRow: 1, xff: 0.5 });
  expect([...(dump.rras[0]?.columns[0] ?? [])]).toEqual([1.5, Number.NaN, Number.POSITIVE_INFINITY]);
});

test("round-trips rrdtool's dump of a file of collectd", () => {
  const fixture = new URL('../fixtures/rrd/connections-total.xml.gz', import.meta.url);
  const dump = parse(gunzipSync(readFileSync(fixture)).toString('latin1'), 65_536);
  expect(dump.rras.map(({ cf, pdpPerRow, columns }) => `${cf} ${pdpPerRow} ${columns[0]?.length}`)).toContain(
    'MAX 8 1260',
  );
  expect(parse([...formatDump(dump)].join(''))).toEqual(dump);
});

describe('rejects invalid input and names its line', () => {
  const changed = (from: string, to: string): string => {
    expect(small.join('\n')).toContain(from);
    return small.join('\n').replace(from, to);
  };
  test.each<readonly [title: string, text: string, message: RegExp]>([
    ['nothing', '', /line 1 of a\.xml has an unexpected end: it is cut off/],
    ['truncated text', small.slice(0, -1).join('\n'), /line 12 .* cut off/],
    ['a truncated tag', small.join('\n').slice(0, -3), /line 12 .* cut off/],
    ['a time before the clock was set', changed('1700000400', '1000'), /last updated at 1000 s since 1970/],
    ['an entity', changed(' a ', ' &lt; '), /line 6 .* character that rrdtool does not write/],
    ['a declared entity', changed('rrdtool.dtd">', 'rrdtool.dtd" [<!ENTITY a "b">]>'), /line 2 .* does not write/],
    ['an attribute', changed('<rra>', '<rra a="b">'), /line 8 .* does not write/],
    ['a misplaced element', changed('<database>', '<database><v>1</v>'), /line 10 .* an unexpected <v>/],
    ['an end tag without a start', changed('</rra>', '</rrb>'), /line 12 .* closes nothing/],
    ['two archives', `${small.join('\n')}\n<rrd></rrd>`, /line 14 .* an unexpected <rrd>/],
    ['text instead of a number', changed('1.5e+00', '1.5 0'), /line 10 .* "1\.5 0" instead of a number/],
    ['a hexadecimal value', changed('1.5e+00', '0x10'), /line 10 .* instead of a number/],
    ['an empty value', changed('<v> 1.5e+00 </v>', '<v/>'), /line 10 .* "" instead of a number/],
    ['a row of two values', changed('<v>+inf</v>', '<v>1</v><v>2</v>'), /line 12 .* a row of 2 values instead of 1:/],
    ['an empty row', changed('<v>+inf</v>', ''), /line 12 .* a row of 0 values/],
    ['a step of zero', changed('> 300 <', '> 0 <'), /"0" instead of a whole number/],
    ['a step that is too large', changed('> 300 <', '> 99999999999999999999 <'), /instead of a whole number/],
    ['no last update', changed('<lastupdate> 1700000400 </lastupdate>', ''), /no <lastupdate>/],
    ['a second step', changed('</step>', '</step><step>1</step>'), /line 4 .* a second <step>/],
    ['a name with a path', changed(' a ', ' ../a '), /line 7 .* as the name of a data source/],
    ['an endless tag', `<rrd>${'<'.padEnd(5000, 'a')}`, /line 1 .* (does not end|far too long)/],
    ['endless text', `<rrd>${'a'.repeat(5000)}`, /line 1 .* (does not end|far too long)/],
    ['an endless comment', `<rrd><!-- ${'a'.repeat(5000)}`, /line 1 .* does not end/],
    [
      'endless archives',
      changed('<rra>', '<rra><pdp_per_row>1</pdp_per_row></rra><rra>'.repeat(300)),
      /no <pdp|functi/,
    ],
  ])('%s', (_title, text, message) => {
    for (const chars of [text.length, 100]) expect(() => parse(text, Math.max(1, chars))).toThrow(message);
  });
});
