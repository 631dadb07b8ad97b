// The nine graphs drawn by `rrdtool graph`: the same rows, the same plot of 694 x 195 (760 x 300 with its margins and legend), the same
// figures below, and a line of maxima instead of our band.

import { ipvsDataSources } from '../src/model/archive.js';
import { type GraphType, type Period, periods } from '../src/render/define/graph-request.js';
import type { Rrdtool } from './rrdtool.js';
import type { Twin } from './year.js';

/** A curve: its computation, in rrdtool's reverse Polish notation over data sources, and its drawing. */
interface Curve {
  readonly rpn: string;
  readonly as: string;
  readonly hasMax?: true;
}

const area = 'AREA:%#8fc0e6:in';
const line = 'LINE1.5:%#c84a00:out';
const thin = 'LINE1.5:%#1f6fb2:in';

const curves: Readonly<Partial<Record<GraphType, readonly Curve[]>>> = {
  cps: [{ rpn: 'Conns', as: area, hasMax: true }],
  traffic: [
    { rpn: 'InBytes,8,*', as: area, hasMax: true },
    { rpn: 'OutBytes,8,*', as: line, hasMax: true },
  ],
  pps: [
    { rpn: 'InPkts', as: area, hasMax: true },
    { rpn: 'OutPkts', as: line, hasMax: true },
  ],
  packetsize: [
    { rpn: 'InBytes,InPkts,/', as: thin },
    { rpn: 'OutBytes,OutPkts,/', as: line },
  ],
  bitperconn: [
    { rpn: 'InBytes,8,*,Conns,/', as: thin },
    { rpn: 'OutBytes,8,*,Conns,/', as: line },
  ],
  pktperconn: [
    { rpn: 'InPkts,Conns,/', as: thin },
    { rpn: 'OutPkts,Conns,/', as: line },
  ],
  active: [{ rpn: 'ActiveConn', as: area, hasMax: true }],
  inactive: [{ rpn: 'InActConn', as: area, hasMax: true }],
  concurrent: [
    { rpn: 'ActiveConn', as: area },
    { rpn: 'InActConn', as: 'STACK:%#c84a00:inactive' },
  ],
  lifetime: [{ rpn: 'ActiveConn,Conns,/', as: area }],
};

/** The graphs to draw: their archives, their end, and the repetitions. */
export interface GraphSample {
  readonly twins: readonly Twin[];
  readonly period: Period;
  readonly types: readonly GraphType[];
  readonly endS: number;
  readonly times: number;
}

/** Draws a sample; returns the seconds of processor time per graph. */
export async function drawGraphs(
  rrdtool: Rrdtool,
  { twins, period, types, endS, times }: GraphSample,
): Promise<number> {
  const commands = twins.flatMap((twin) => types.map((type) => graphCommand(twin, type, { period, endS })));
  const all = Array.from({ length: times }, () => commands).flat();
  const { processorS } = await rrdtool.run(all);
  return processorS / all.length;
}

function graphCommand(
  { name, file }: Twin,
  type: GraphType,
  { period, endS }: { period: Period; endS: number },
): string {
  const { spanS, stepS, label } = periods[period];
  const untilS = endS - (endS % stepS);
  const drawn = (curves[type] ?? []).flatMap((curve, i) => curveArguments(curve, `c${i}`, { file, stepS }));
  const frame = [
    '-w 694 -h 195',
    `--start ${untilS - spanS} --end ${untilS}`,
    `-t ${name}-${type}-${label.replace(' ', '')}`,
  ];
  return [`graph ${file}.png`, ...frame, ...drawn].join(' ');
}

function curveArguments({ rpn, as, hasMax }: Curve, name: string, rows: { file: string; stepS: number }): string[] {
  const figures = ['LAST', 'AVERAGE', 'MAX'].map((of) => `GPRINT:${name}:${of}:%6.2lf%s`);
  const average = [...definitions(rpn, { ...rows, cf: 'AVERAGE', name }), as.replace('%', name)];
  const band = definitions(rpn, { ...rows, cf: 'MAX', name: `${name}max` });
  const isBanded = hasMax === true && rows.stepS > 300;
  return [...average, ...(isBanded ? [...band, `LINE1:${name}max#8fc0e6`] : []), ...figures, 'COMMENT:\\n'];
}

/** `DEF` of each data source that a curve is computed from, and its `CDEF`. */
function definitions(
  rpn: string,
  { file, stepS, cf, name }: { file: string; stepS: number; cf: 'AVERAGE' | 'MAX'; name: string },
): string[] {
  const words = rpn.split(',');
  const used = ipvsDataSources.map((source) => source.name).filter((source) => words.includes(source));
  const defs = used.map((source) => `DEF:${name}${source}=${file}:${source}:${cf}:step=${stepS}`);
  const computed = words.map((word) => (used.includes(word) ? `${name}${word}` : word)).join(',');
  return [...defs, `CDEF:${name}=${computed}`];
}
