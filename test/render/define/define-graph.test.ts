import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { Outbound } from '../../../src/model/service/outbound.js';
import type { OutboundStretch } from '../../../src/model/service/outbound-stretch.js';
import { defineGraph } from '../../../src/render/define/define-graph.js';
import { type GraphRequest, graphTypes } from '../../../src/render/define/graph-request.js';
import { configurationOf } from '../../../src/render/draw/configuration.js';
import { daySpan, endS, graphRequest, seriesOf } from '../sample-series.js';

const nan = Number.NaN;
const isGap = (row: number) => row >= 100 && row < 112;

function datasetsOf(over: Parameters<typeof graphRequest>[0] = {}) {
  return configurationOf(defineGraph(graphRequest(over))).data.datasets;
}

describe('traffic', () => {
  test('is in bits: inbound an area, outbound a line on top', () => {
    const [out, inward] = datasetsOf({ average: seriesOf((name) => (name === 'OutBytes' ? 7 : 2)) });
    expect([out?.label, out?.fill, inward?.label, inward?.fill]).toEqual(['out', false, 'in', 'origin']);
    expect([out?.data[0]?.y, inward?.data[0]?.y]).toEqual([56, 16]);
    expect(out?.borderColor).not.toBe(inward?.borderColor);
  });

  test('scales from zero, over the whole span', () => {
    const { scales } = configurationOf(defineGraph(graphRequest())).options ?? {};
    expect(scales?.['x']).toMatchObject({ min: daySpan.startS, max: daySpan.endS });
    expect(scales?.['y']).toMatchObject({ min: 0 });
  });

  test('shows totals in bytes and rates in bits', () => {
    const { legend, heading } = defineGraph(graphRequest({ average: seriesOf(() => 1e6) }));
    expect(heading.shows).toBe('Traffic, bit/s · 24 h');
    expect(legend.columns).toEqual(['last', 'avg', 'max', 'p95', 'total']);
    expect(legend.rows[0]?.cells).toEqual(['8 M', '8 M', '8 M', '8 M', '86.4 GB']);
  });

  test('without visible replies says so, and draws no line at zero', () => {
    const average = seriesOf((name) => (name.startsWith('Out') ? 0 : 5));
    expect(datasetsOf({ average }).map(({ label }) => label)).toEqual(['in']);
    expect(defineGraph(graphRequest({ average })).legend.rows[1]).toMatchObject({
      cells: [],
      remark: 'none seen on this director',
    });
  });
});

describe('unknown rows', () => {
  const average = seriesOf((_name, row) => (isGap(row) ? nan : 5));

  test.each(graphTypes)('are gaps in %s, never zero, and hatched for their whole length', (type) => {
    const startS = daySpan.startS + 100 * 300;
    for (const { data } of datasetsOf({ type, average })) {
      const within = data.filter(({ x }) => Number(x) > startS + 150 && Number(x) < startS + 12 * 300 - 150);
      expect(within.every(({ y }) => Number.isNaN(y))).toBe(true);
      expect(data.some(({ y }) => Number.isNaN(y))).toBe(true);
      expect(data.every(({ y }) => y !== 0)).toBe(true);
    }
    expect(defineGraph(graphRequest({ type, average })).gaps).toEqual([
      { startS, endS: startS + 12 * 300, text: 'unknown' },
    ]);
  });

  test('state their reason if it is known', () => {
    const reasons = [
      { startS: daySpan.startS + 29_000, endS: daySpan.startS + 36_000, text: 'ipvsadm: not permitted' },
    ];
    expect(defineGraph(graphRequest({ average, reasons })).gaps[0]?.text).toBe('ipvsadm: not permitted');
  });

  test('of one line hatch the picture and leave the other line whole', () => {
    const half = seriesOf((name, row) => (name === 'OutBytes' && isGap(row) ? nan : 5));
    const [out, inward] = datasetsOf({ average: half });
    expect(out?.data.some(({ y }) => Number.isNaN(y))).toBe(true);
    expect(inward?.data.some(({ y }) => Number.isNaN(y))).toBe(false);
    expect(defineGraph(graphRequest({ average: half })).gaps).toHaveLength(1);
  });

  test('include the part of the span beyond the rows', () => {
    const short = seriesOf(() => 5, { startS: daySpan.startS + 3600 });
    expect(defineGraph(graphRequest({ average: short })).gaps).toEqual([
      { startS: daySpan.startS, endS: daySpan.startS + 3600, text: 'unknown' },
    ]);
  });

  test.each([-5, 5])('fill a span that the series does not reach (%d days off)', (days) => {
    const span = { startS: daySpan.startS + days * 86_400, endS: endS + days * 86_400, label: '24 h' };
    expect(defineGraph(graphRequest({ average: seriesOf(() => 5), span })).sentence).toContain('No data');
  });

  test('throughout give one sentence with the newest reading, and no hatch', () => {
    const average = seriesOf(() => nan, { lastS: endS - 2 * 86_400 });
    const { sentence, gaps, footer } = defineGraph(graphRequest({ average }));
    expect(sentence).toBe('No data in these 24 h: the newest reading is from 2026-11-19 14:35 JST.');
    expect(gaps).toEqual([]);
    expect(footer).toBe('no data · AVERAGE of 5 min rows');
  });
});

describe('the band up to the maxima', () => {
  const hour = { stepS: 3600, startS: endS - 86_400 - (endS % 3600), endS: endS - (endS % 3600) };
  const average = seriesOf((name) => (name === 'OutBytes' ? 7 : 2), hour);
  const isKnown = (row: number) => row >= 10 && row < 15;
  const partly = seriesOf((name, row) => (isKnown(row) ? (name === 'OutBytes' ? 9 : 3) : nan), { ...hour, cf: 'MAX' });
  const span = { startS: hour.startS, endS: hour.endS, label: '24 h' };
  const timesOf = (data: readonly { readonly x: number; readonly y: number }[] = []) =>
    data.filter(({ y }) => !Number.isNaN(y)).map(({ x }) => Math.round((x - hour.startS) / 3600));

  test('is drawn where a maximum is known, starting from the mean', () => {
    const sets = datasetsOf({ average, max: partly, span });
    expect(sets.map(({ label }) => label)).toEqual(['out', 'out max', 'out below max', 'in', 'in max']);
    for (const label of ['out max', 'out below max', 'in max']) {
      const { data } = sets.find((one) => one.label === label) ?? {};
      expect([Math.min(...timesOf(data as never)), Math.max(...timesOf(data as never))]).toEqual([10, 15]);
    }
    expect(sets.find(({ label }) => label === 'out max')?.fill).toMatchObject({ target: 2 });
    expect(sets.find(({ label }) => label === 'out below max')?.backgroundColor).toBe('#00000000');
  });

  test('is omitted if no maximum is known, or no mean', () => {
    const none = seriesOf(() => nan, { ...hour, cf: 'MAX' });
    expect(datasetsOf({ average, max: none, span }).map(({ label }) => label)).toEqual(['out', 'in']);
    const high = seriesOf(() => 5, { ...hour, cf: 'MAX' });
    expect(datasetsOf({ average: none, max: high, span }).map(({ label }) => label)).toEqual(['out', 'in']);
  });

  test('ends at the line if all maxima are known', () => {
    const max = seriesOf((name) => (name === 'OutBytes' ? 9 : 3), { ...hour, cf: 'MAX' });
    expect(datasetsOf({ average, max, span }).map(({ label }) => label)).toEqual(['out', 'out max', 'in', 'in max']);
  });

  test('has the maximum in the legend, unless a mean without a maximum exceeds it', () => {
    const cells = (over: Parameters<typeof graphRequest>[0]) =>
      defineGraph(graphRequest({ max: partly, span, ...over })).legend.rows.map((row) => row.cells[2]);
    expect(cells({ average })).toEqual(['24', '72']);
    const higher = seriesOf((_, row) => (row === 3 ? 50 : 2), hour);
    expect(cells({ average: higher })).toEqual(['–', '–']);
    expect(cells({ average, max: seriesOf(() => nan, { ...hour, cf: 'MAX' }) })).toEqual(['–', '–']);
  });
});

describe('a data source missing from an imported archive', () => {
  const imported = { sinceS: daySpan.startS - 86_400, readSinceS: null, sources: ['InBytes'], longer: [] };
  const average = seriesOf((name) => (name === 'InBytes' ? 5 : nan));

  test('is "never kept", not unknown or without data', () => {
    const { sentence, footer, gaps } = defineGraph(graphRequest({ type: 'cps', average, imported }));
    expect(sentence).toBe('Never kept: this was imported from files without Conns.');
    expect(footer).toBe('never kept');
    expect(gaps).toEqual([]);
    const ratio = defineGraph(graphRequest({ type: 'bitperconn', average, imported }));
    expect(ratio.sentence).toBe('Never kept: this was imported from files without Conns and OutBytes.');
    const sum = seriesOf((name) => (name === 'ActiveConn' ? 5 : nan));
    const only = { ...imported, sources: ['ActiveConn'] };
    expect(defineGraph(graphRequest({ type: 'concurrent', average: sum, imported: only })).sentence).toBe(
      'Never kept: this was imported from files without InActConn.',
    );
  });

  test('is a remark beside the data sources that were kept', () => {
    const { legend, gaps, sentence } = defineGraph(graphRequest({ average, imported }));
    expect([sentence, gaps]).toEqual([null, []]);
    expect(legend.rows.map(({ remark }) => remark)).toEqual(['', 'never kept']);
  });

  test('is "never kept" only until it is first read', () => {
    const middleS = daySpan.startS + 144 * 300;
    const readSince = { ...imported, readSinceS: middleS };
    const half = seriesOf((name, row) => (name === 'InBytes' || row >= 144 ? 5 : nan));
    const reasons = [{ startS: 0, endS: middleS, text: 'not collected' }];
    const { gaps } = defineGraph(graphRequest({ average: half, imported: readSince, reasons }));
    expect(gaps).toEqual([{ startS: daySpan.startS, endS: middleS, text: 'never kept' }]);
    const { sentence } = defineGraph(graphRequest({ average, type: 'cps', imported: readSince }));
    expect(sentence).toMatch(/^Too few readings/);
  });

  test('is not "never kept" if the import did not record its data sources', () => {
    const { sentence } = defineGraph(graphRequest({ type: 'cps', average, imported: { ...imported, sources: null } }));
    expect(sentence).not.toMatch(/Never kept/);
  });
});

describe('a graph with too few readings', () => {
  test.each([
    ['in the span', endS - 600],
    ['a little after its last row', endS + 7],
  ])('says so, not that data is missing: the newest is %s', (_title, lastS) => {
    const average = seriesOf(() => nan, { lastS });
    const { sentence } = defineGraph(graphRequest({ average }));
    expect(sentence).toMatch(
      /^Too few readings yet; the graph begins with the next: the newest is from 2026-11-21 14:\d5 JST\.$/,
    );
  });

  test('waits for the first of its longer rows', () => {
    const average = seriesOf(() => nan, { stepS: 7200, lastS: endS - 600 });
    expect(defineGraph(graphRequest({ average })).sentence).toContain('begins with its first row of 2 h:');
  });
});

describe('ratios', () => {
  test.each([
    ['packetsize', 'InBytes', 'InPkts', 1],
    ['bitperconn', 'InBytes', 'Conns', 8],
    ['pktperconn', 'InPkts', 'Conns', 1],
  ] as const)('%s is %s over %s', (type, over, under, scale) => {
    const average = seriesOf((name) => (name === over ? 1400 : name === under ? 2 : 4));
    expect(datasetsOf({ type, average }).find(({ label }) => label === 'in')?.data[0]?.y).toBe(700 * scale);
  });

  test('are blank if the divisor is zero: neither zero nor hatched', () => {
    const average = seriesOf((name, row) => (name.endsWith('Pkts') && isGap(row) ? 0 : 5));
    const picture = defineGraph(graphRequest({ type: 'packetsize', average }));
    expect(configurationOf(picture).data.datasets[0]?.data.some(({ y }) => Number.isNaN(y))).toBe(true);
    expect(configurationOf(picture).data.datasets[0]?.data.some(({ y }) => y === 0)).toBe(false);
    expect(picture.gaps).toEqual([]);
  });

  test('average as total over total, not as the mean of ratios', () => {
    const average = seriesOf((name, row) => (name === 'InBytes' ? (row === 0 ? 9000 : 100) : row === 0 ? 9 : 1));
    const { legend } = defineGraph(graphRequest({ type: 'packetsize', average }));
    expect(legend.rows[0]?.cells[1]).toBe(((9000 + 287 * 100) / (9 + 287)).toFixed(0));
  });
});

describe('MAX', () => {
  const max = seriesOf(() => 20, { cf: 'MAX' });
  const average = seriesOf(() => 5);

  test.each(graphTypes)('has a band in %s only if a maximum is meaningful', (type) => {
    const bands = datasetsOf({ type, average, max }).filter(({ label }) => label?.endsWith('max'));
    const expected = { cps: 1, traffic: 2, pps: 2, active: 1, inactive: 1 } as const;
    expect(bands).toHaveLength(type in expected ? expected[type as keyof typeof expected] : 0);
  });

  test('is shown as the maximum and fits on the scale', () => {
    const { legend, valueAxis } = defineGraph(graphRequest({ type: 'cps', average, max }));
    expect(legend.rows[0]?.cells[legend.columns.indexOf('max')]).toBe('20');
    expect(valueAxis.maximum).toBeGreaterThan(20);
  });
});

describe('text', () => {
  test.each([
    ['192.0.2.1_80', '192.0.2.1:80', 'TCP'],
    ['192.0.2.1_53_udp', '192.0.2.1:53', 'UDP'],
    ['2001-db8--1_3868_sctp', '[2001:db8::1]:3868', 'SCTP'],
    ['fwm_4000000000', 'mark 4000000000', 'IPv4'],
    ['fwm6_6', 'mark 6', 'IPv6'],
    ['192.0.2.1_80/10.0.0.5_8080', '10.0.0.5:8080 of 192.0.2.1:80', 'TCP'],
  ])('%s is headed %s %s', (name, endpoint, protocol) => {
    const { heading } = defineGraph(graphRequest({ subject: { name, hostNames: ['a'] } }));
    expect(heading).toMatchObject({ endpoint, protocol, hosts: ['a'] });
  });

  test('the footer shows the newest known row, in local time, and the archive of the rows', () => {
    const average = seriesOf((_name, row) => (row > 275 ? nan : 1));
    const { footer } = defineGraph(graphRequest({ average, timeZone: 'Europe/Berlin' }));
    expect(footer).toBe('data to 2026-11-21 05:35 CET · AVERAGE of 5 min rows');
  });

  test.each(['active', 'inactive', 'concurrent'] as const)('%s states that connections are sampled', (type) => {
    expect(defineGraph(graphRequest({ type })).footer).toContain('sampled every 5 min');
  });

  test('concurrent stacks both kinds and shows their sum', () => {
    const picture = defineGraph(graphRequest({ type: 'concurrent', average: seriesOf(() => 4) }));
    expect(picture.legend.rows.map(({ name, cells }) => [name, cells[0]])).toEqual([
      ['active', '4'],
      ['inactive', '4'],
      ['sum', '8'],
    ]);
    expect(configurationOf(picture).data.datasets.map(({ data }) => data[0]?.y)).toEqual([4, 8]);
  });

  test.each([false, true])('concurrent shows no maximum of averages (tile: %s)', (tile) => {
    const columnsOf = (stepS: number) =>
      defineGraph(graphRequest({ type: 'concurrent', tile, average: seriesOf(() => 4, { stepS }) })).legend.columns;
    expect(columnsOf(1800)).toEqual(['last', 'avg']);
    expect(columnsOf(300)).toContain('max');
  });

  test('concurrent shows the maxima of its parts over longer rows, and none of their sum', () => {
    const of = (value: number) => seriesOf(() => value, { stepS: 1800 });
    const { legend } = defineGraph(graphRequest({ type: 'concurrent', average: of(4), max: of(9) }));
    expect(legend.columns).toEqual(['last', 'avg', 'max']);
    expect(legend.rows.map(({ name, cells }) => [name, cells[2]])).toEqual([
      ['active', '9'],
      ['inactive', '9'],
      ['sum', '–'],
    ]);
  });

  test('a missing data source is an error that names it', () => {
    const average = { ...seriesOf(() => 1), dataSources: ['Other'] };
    expect(() => defineGraph(graphRequest({ average }))).toThrow(/192\.0\.2\.1_80 has no data source InBytes/);
  });
});

/** The width in seconds of a pixel column, which points are aligned to. */
const columnS = 86_400 / 694;

describe('outbound traffic', () => {
  const direct = seriesOf((name) => (name.startsWith('Out') ? 0 : 5));
  const remarksOf = (over: Partial<GraphRequest>) => {
    const { legend, layers, footer } = defineGraph(graphRequest({ average: direct, ...over }));
    return { remarks: legend.rows.map(({ remark }) => remark), layers: layers.map(({ label }) => label), footer };
  };
  const always = (outbound: Outbound): OutboundStretch[] => [{ ...daySpan, outbound }];
  const outTypes = ['traffic', 'pps', 'packetsize', 'bitperconn', 'pktperconn'] as const;

  test.each(outTypes)('of direct routing is "not visible" in %s, and not drawn as zero', (type) => {
    const { remarks, layers } = remarksOf({ type, outbounds: always({ kind: 'unseen', reason: 'direct routing' }) });
    expect(remarks).toEqual(['', 'not visible here (direct routing)']);
    expect(layers).toEqual(['in']);
  });

  test.each(outTypes)('of one-packet scheduling is "not visible" in %s if none was seen', (type) => {
    expect(remarksOf({ type, outbounds: always({ kind: 'one-packet' }) }).remarks[1]).toBe(
      'not visible here (one-packet scheduling)',
    );
    expect(remarksOf({ type, outbounds: always({ kind: 'one-packet' }), average: seriesOf(() => 5) }).remarks[1]).toBe(
      '',
    );
  });

  test('of masqueraded real servers that send nothing is drawn as zero', () => {
    const { remarks, layers } = remarksOf({ outbounds: always({ kind: 'seen' }) });
    expect([remarks, layers]).toEqual([
      ['', ''],
      ['in', 'out'],
    ]);
  });

  test('is drawn until direct routing begins, then blank but not hatched', () => {
    const average = seriesOf((name, row) => (name.startsWith('Out') ? (row < 100 ? 7 : 0) : 5));
    const outbounds = always({ kind: 'unseen', reason: 'direct routing' });
    const picture = defineGraph(graphRequest({ average, outbounds }));
    const out = picture.layers.find(({ label }) => label === 'out');
    expect(out?.values.includes(0)).toBe(false);
    const lastPoint = out?.values.findLastIndex((value) => !Number.isNaN(value)) ?? -1;
    expect(Math.abs((out?.timesS[lastPoint] ?? nan) - (daySpan.startS + 100 * 300))).toBeLessThan(columnS);
    expect(picture.gaps).toEqual([]);
    expect(picture.legend.rows[1]?.cells[1]).toBe('56');
  });

  test('of mixed methods names the invisible part, and shows no ratio to all connections', () => {
    const outbounds = always({ kind: 'partly', reason: 'direct routing', unseen: 2, of: 4 });
    const average = seriesOf(() => 5);
    expect(remarksOf({ outbounds, average }).footer).toContain(
      'out: 2 of 4 real servers not visible here (direct routing)',
    );
    expect(remarksOf({ outbounds, average, type: 'packetsize' }).remarks).toEqual(['', '']);
    expect(remarksOf({ outbounds, average, type: 'bitperconn' })).toMatchObject({
      remarks: ['', 'not shown: 2 of 4 real servers not visible here'],
      layers: ['in'],
    });
    expect(remarksOf({ outbounds, average, type: 'cps' }).footer).not.toContain('not visible');
  });

  describe('of real servers whose forwarding method changes', () => {
    const turnS = daySpan.startS + 100 * 300;
    const [seen, unseen] = [{ kind: 'seen' }, { kind: 'unseen', reason: 'direct routing' }] as const;
    const changeAt = (before: Outbound, now: Outbound): OutboundStretch[] => [
      { startS: turnS - 600, endS: daySpan.endS, outbound: now },
      { startS: daySpan.startS, endS: turnS, outbound: before },
    ];
    /** The first and last known row of a layer. */
    const endsOf = (over: Partial<GraphRequest>) => {
      const picture = defineGraph(graphRequest(over));
      const out = picture.layers.find(({ label }) => label === 'out');
      const times = [...(out?.timesS ?? [])].filter((_, i) => !Number.isNaN(out?.values[i] ?? nan));
      const rows = [times[0], times.at(-1)].map((timeS = nan) => Math.round((timeS - daySpan.startS) / 300));
      return { rows, values: out?.values, legend: picture.legend.rows[1], footer: picture.footer, gaps: picture.gaps };
    };
    const footer = 'out: at times not visible here (direct routing)';

    test('is not zero before a change from direct routing, but may be after it', () => {
      const average = seriesOf((name, row) => (name.startsWith('Out') ? (row < 150 ? 0 : 7) : 5));
      const shown = endsOf({ average, outbounds: changeAt(unseen, seen) });
      expect(shown.rows).toEqual([100, 288]);
      expect(shown.values).toContain(0);
      expect(shown.footer).toContain(footer);
      expect(shown.gaps).toEqual([]);
      // The mean of the rows in which it was visible: 138 of 188.
      expect(shown.legend).toMatchObject({ remark: '' });
      expect(shown.legend?.cells[1]).toBe('41.1');
    });

    test('is drawn, even if zero, until a change to direct routing, and is invisible after it', () => {
      const average = seriesOf((name, row) => (name.startsWith('Out') ? (row < 50 ? 7 : 0) : 5));
      const shown = endsOf({ average, outbounds: changeAt(seen, unseen) });
      expect(shown.rows).toEqual([0, 98]);
      expect(shown.values).toContain(0);
      expect(shown.footer).toContain(footer);
    });

    test('is omitted for a row that contains the change', () => {
      const average = seriesOf(() => 5);
      for (const outbounds of [changeAt(seen, unseen), changeAt(unseen, seen)]) {
        const { values } = endsOf({ average, outbounds });
        expect([...(values ?? [])].some(Number.isNaN)).toBe(true);
      }
    });

    test('enters ratios only for rows in which it was visible', () => {
      const average = seriesOf((name, row) => (name.startsWith('Out') ? (row < 100 ? 0 : 7) : 5));
      const { legend } = endsOf({ average, outbounds: changeAt(unseen, seen), type: 'packetsize' });
      expect([legend?.cells[1], legend?.remark]).toEqual(['1', '']);
      const partly = changeAt({ kind: 'partly', reason: 'direct routing', unseen: 1, of: 2 }, seen);
      expect(endsOf({ average: seriesOf(() => 5), outbounds: partly, type: 'bitperconn' }).rows).toEqual([100, 288]);
    });

    test('is not shown by the maxima of longer rows either', () => {
      const week = { startS: daySpan.endS - 7 * 86_400, endS: daySpan.endS, label: '7 d' };
      const rows = { stepS: 1800, startS: week.startS };
      const average = seriesOf((name, row) => (name.startsWith('Out') && row < 300 ? 0 : 5), rows);
      const turn = week.startS + 300 * 1800;
      const outbounds = [
        { startS: turn - 600, endS: week.endS, outbound: seen },
        { startS: week.startS, endS: turn, outbound: unseen },
      ];
      const { layers } = defineGraph(graphRequest({ average, max: average, span: week, outbounds }));
      const out = layers.filter(({ label }) => label.startsWith('out'));
      expect(out.map(({ label }) => label)).toEqual(['out max', 'out']);
      for (const { values } of out) expect(values).not.toContain(0);
    });
  });

  test('of unknown methods is "none seen" if something came in', () => {
    expect(remarksOf({}).remarks[1]).toBe('none seen on this director');
    expect(remarksOf({ average: seriesOf(() => 0) }).remarks[1]).toBe('');
  });
});

test('the connection lifetime is open connections over new ones, blank if none are new', () => {
  const average = seriesOf((name, row) => (name === 'ActiveConn' ? 60 : row < 100 ? 0 : 2));
  const picture = defineGraph(graphRequest({ type: 'lifetime', average }));
  expect(picture.heading.shows).toBe('Connection duration (estimated), s · 24 h');
  expect(new Set(picture.layers[0]?.values)).toEqual(new Set([30]));
  expect(Math.abs((picture.layers[0]?.timesS[0] ?? nan) - (daySpan.startS + 100 * 300))).toBeLessThan(columnS);
  expect(picture.gaps).toEqual([]);
});

test('no drawn value is invented, and the scale holds all values', () => {
  const value = fc.oneof(fc.constant(nan), fc.constant(0), fc.double({ min: 0, max: 1e15, noNaN: true }));
  fc.assert(
    fc.property(fc.array(value, { minLength: 288, maxLength: 288 }), fc.constantFrom(...graphTypes), (values, type) => {
      const average = seriesOf((_name, row) => values[row] ?? nan, { endS });
      const picture = defineGraph(graphRequest({ type, average }));
      for (const { data } of configurationOf(picture).data.datasets) {
        for (const { y } of data)
          expect(Number.isNaN(y) || (Number(y) >= 0 && Number(y) <= picture.valueAxis.maximum)).toBe(true);
      }
    }),
    { numRuns: 60 },
  );
});

describe('the round-trip time of a link', () => {
  const losses = [0, 10, 20, 50, 100];
  const lossOf = (row: number): number => losses[row % losses.length] ?? 0;
  const average = seriesOf(
    (name, row) => (name === 'Loss' ? lossOf(row) : name === 'RTT' && lossOf(row) === 100 ? nan : 2),
    { dataSources: ['RTT', 'Loss'] },
  );
  const picture = defineGraph(graphRequest({ type: 'rtt', average }));

  test('has the colour of its loss', () => {
    expect(picture.legend.rows.map(({ name }) => name)).toEqual(['to 1 % lost', 'to 20 % lost', 'more lost']);
    const rowsOf = (label: string): number =>
      picture.layers.find((layer) => layer.label === label)?.values.filter((value) => value === 2).length ?? 0;
    // Two points for each stretch of equal rows: 288 rows are 58, 116 and 57 of these.
    expect([rowsOf('to 1 % lost'), rowsOf('to 20 % lost'), rowsOf('more lost')]).toEqual([116, 174, 114]);
  });

  test('is neither zero nor unknown where nothing answers', () => {
    expect(new Set(picture.gaps.map(({ text }) => text))).toEqual(new Set(['no answer']));
    expect(picture.gaps).toHaveLength(57);
    expect(picture.layers.flatMap(({ values }) => [...values])).not.toContain(0);
  });

  test('is unknown where nobody watched', () => {
    const unwatched = seriesOf((_name, row) => (isGap(row) ? nan : 0), { dataSources: ['RTT', 'Loss'] });
    expect(defineGraph(graphRequest({ type: 'rtt', average: unwatched })).gaps.map(({ text }) => text)).toEqual([
      'unknown',
    ]);
  });
});
