// The figures of agents as rows and sentences of the page of results.

import { type Comparison, type Goal, msOf } from '../comparison.js';
import { formatQuantity, formatSpread } from '../quantity-text.js';
import { meanOf, spreadOf } from '../statistics.js';
import type { Alone, Burst } from './agents.js';
import type { JudgingCosts } from './judging.js';
import type { PageTimes } from './page-in-browser.js';
import type { RequestsMade } from './rounds.js';
import type { Read } from './serve-links.js';

/** The figures of a fleet. */
export interface FleetFigures {
  /** Of each agent. */
  readonly links: number;
  readonly made: RequestsMade;
  readonly read: Read;
  readonly requests: number;
  /** Processor time of the server per request: beyond that of one without agents, and all. */
  readonly cpuMs: number;
  readonly allCpuMs: number;
  readonly burst: Burst;
  /** Peak of resident memory: beyond that of a server without agents, and all. */
  readonly moreBytes: number;
  readonly peakBytes: number;
  readonly judging: JudgingCosts;
  readonly apiBytes: number;
  readonly pageBytes: number;
  readonly page: PageTimes | null;
}

interface Run {
  readonly alone: Alone;
  readonly fleets: readonly FleetFigures[];
  readonly tls: Burst;
  readonly agents: number;
}

/** The page's parts. */
export const agentsPage = { rows, tlsRow, notes };

const none = { peer: null, theirs: null };

function atMost(text: string, limit: number): { readonly target: Goal } {
  return { target: { text, atMost: limit } };
}

function rows(own: FleetFigures): readonly Comparison[] {
  const { links, made, read, cpuMs, burst, moreBytes, judging, page } = own;
  const what = `5,000 agents of ${links} links`;
  const tookMs = [...made.reportsMs, ...made.listsMs];
  return [
    { work: `${what}: a request`, ours: msOf(tookMs), ...none },
    { work: `${what}: a request, 99th percentile`, ours: msOf([p99Of(tookMs)]), ...none, ...atMost('150 ms', 150) },
    {
      work: `${what}: processor time of \`serve\` a request, all agents at once`,
      ours: msOf([burst.cpuMs]),
      ...none,
      ...atMost('0.8 ms', 0.8),
    },
    {
      work: `${what}: the same in their round, with judging, pages of links and \`status\``,
      ours: msOf([cpuMs]),
      ...none,
    },
    {
      work: `${what}: peak of resident memory beyond that without agents`,
      ours: { unit: 'bytes', values: [moreBytes] },
      ...none,
      ...atMost('100 MiB', 100 * 2 ** 20),
    },
    { work: `${what}: a judgement, processor time`, ours: msOf([judging.judgeMs]), ...none },
    { work: `${what}: rows for a page, processor time`, ours: msOf([judging.rowsMs]), ...none },
    { work: `${what}: the page of links, or its table for programs`, ours: msOf(read.linksMs), ...none },
    { work: `${what}: another page`, ours: msOf(read.othersMs), ...none },
    ...(page === null
      ? []
      : [
          { work: `${what}: first paint of the page`, ours: msOf(page.paintMs), ...none, ...atMost('1 s', 1000) },
          { work: `${what}: its scripts`, ours: msOf(page.scriptMs), ...none },
        ]),
  ];
}

function tlsRow({ cpuMs }: Burst): Comparison {
  return {
    work: '5,000 agents of 2 links over TLS (P-256), all at once: processor time a request',
    ours: msOf([cpuMs]),
    ...none,
  };
}

function p99Of(values: readonly number[]): number {
  return values.toSorted((a, b) => a - b)[Math.ceil(values.length * 0.99) - 1] ?? Number.NaN;
}

function notes({ alone, fleets, tls, agents }: Run): readonly string[] {
  return [
    `Agents: ${agents} in a topology of as many hosts in five data centres, a host dead, one link in 500 lost and one in 100 lossy; \`serve\` collects 100 services of 5 real servers, once in this time, and is asked for a page every 3 s, half of them /links, and for /api/links and \`status\` once a minute. A whole round of two minutes in real time, each agent at its own phase, its report and then its list; nothing failed. Before, each agent has reported twice. Without agents, the same server took ${alone.cpuMsPerS.toFixed(1)} ms of processor time a second and ${formatQuantity(alone.peakBytes, 'bytes')} at its peak; this is subtracted.`,
    ...fleets.map(noteOf),
    `Over TLS, agents at once: ${Math.round(tls.requestsPerS)} requests a second, without resumption.`,
  ];
}

function noteOf(own: FleetFigures): string {
  const { links, made, read, requests, allCpuMs, burst, peakBytes, judging, apiBytes, pageBytes } = own;
  return `${links} links each: ${requests} requests; reports of ${Math.round(made.reportBytes)} bytes (${formatSpread(spreadOf(made.reportsMs), 'ms')}), lists of ${Math.round(made.listBytes)} (${formatSpread(spreadOf(made.listsMs), 'ms')}); all processor time of \`serve\` ${allCpuMs.toFixed(2)} ms a request, peak of memory ${formatQuantity(peakBytes, 'bytes')}; ${judging.cuts} cuts named; /links ${pageBytes.toLocaleString('en')} bytes, /api/links ${apiBytes.toLocaleString('en')}; \`status\` ${formatQuantity(meanOf(read.statusMs), 'ms')}. Before, all agents at once, 50 at a time, the second time: ${Math.round(burst.requestsPerS)} requests a second.`;
}
