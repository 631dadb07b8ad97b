// The first page, Now: what is wrong, worst first; then the services by what they do now, with small stacks beside them.

import type { Request } from 'express';
import type { Thresholds } from '../../model/finding/thresholds.js';
import { countOf } from '../../model/text/count-of.js';
import { stackTypes } from '../../render/define/graph-request.js';
import { formatLocal } from '../../render/look/local-time.js';
import type { AppParts } from '../app-parts.js';
import { servicesThere } from '../data/catalogue.js';
import type { Page, Visit } from '../frame/page-frame.js';
import { figureGroups, figureOf, theDirector } from '../pages/figure.js';
import { parseQuery, searchOf } from '../query.js';
import { findingRows, findingStates, silencedRows } from './finding-rows.js';
import { siteVerdict } from './findings.js';
import { type NowColumn, type NowOrder, nowColumns, nowRows, nowServices } from './now-rows.js';

/** Services listed unless all are requested. */
const fewRows = 20;

/** The page. */
export function nowPage({ site }: AppParts, { catalogue, ground }: Visit, request: Request): Page {
  const query = parseQuery(searchOf(request));
  const columns = ['traffic', ...Object.keys(nowColumns).filter((name) => name !== 'traffic')] as NowColumn[];
  const order = { by: query.oneOf('by', columns), isReversed: query.flag('reversed') };
  const isAll = query.flag('rows');
  const { timeZone } = site.looks();
  const verdict = siteVerdict(site);
  const states = findingStates(verdict, timeZone);
  const rows = nowRows(nowServices(catalogue.services, order, { board: ground.board, states }), site.basePath);
  const live = servicesThere(catalogue).length;
  const lastS = site.collecting().lastS;
  return {
    template: 'now',
    path: '',
    title: 'Now',
    content: {
      grade: verdict.grade,
      findings: findingRows(verdict.findings, { catalogue, basePath: site.basePath, timeZone }),
      silenced: silencedRows(verdict.silenced, { catalogue, basePath: site.basePath, timeZone }),
      lookedAt: lastS === null ? '' : formatLocal(timeZone, lastS).slice(0, 16),
      drift: driftWords(site),
      count: live,
      judged: thresholdTexts(site.policy().policy.thresholds),
      rows: isAll ? rows : rows.slice(0, fewRows),
      more: isAll ? 0 : Math.max(0, rows.length - fewRows),
      allHref: `${site.basePath}/${orderQuery(order, true)}`,
      columns: Object.entries(nowColumns).map(([name, title]) =>
        columnOf(name as NowColumn, title, { order, isAll, base: site.basePath }),
      ),
      groups: figureGroups(stackTypes, (type) => figureOf(theDirector, { type, size: 'tile' }, ground)),
    },
  };
}

/** Drift in words; empty where it is not judged. */
function driftWords({ collecting }: AppParts['site']): string {
  const { drift } = collecting();
  if (drift === undefined) return '';
  return drift.count === 0 ? 'no differences' : countOf(drift.count, 'difference');
}

interface ColumnContext {
  readonly order: NowOrder;
  readonly isAll: boolean;
  readonly base: string;
}

/** A column's title as a link that sorts by it; the second time in reverse. */
function columnOf(name: NowColumn, title: string, { order, isAll, base }: ColumnContext) {
  const isCurrent = order.by === name;
  const next = { by: name, isReversed: isCurrent && !order.isReversed };
  const isText = name === 'name' || name === 'state';
  const isAscending = isText !== order.isReversed;
  return {
    name,
    title,
    isFigure: !isText,
    href: `${base}/${orderQuery(next, isAll)}`,
    sorted: isCurrent ? (isAscending ? 'ascending' : 'descending') : '',
    arrow: isCurrent ? (isAscending ? ' ▴' : ' ▾') : '',
  };
}

function orderQuery({ by, isReversed }: NowOrder, isAll: boolean): string {
  const parameters = [
    ...(by === 'traffic' ? [] : [`by=${by}`]),
    ...(isReversed ? ['reversed=1'] : []),
    ...(isAll ? ['rows=1'] : []),
  ];
  return parameters.length === 0 ? '' : `?${parameters.join('&')}`;
}

/** The thresholds in words. */
function thresholdTexts(thresholds: Thresholds): readonly string[] {
  const percent = (part: number): string => `${Math.round(100 * part)} %`;
  return [
    `A finding opens after ${thresholds.openCycles} readings with the fault and closes after ${thresholds.closeCycles} without it. Shares and processors need half an hour, chains an hour.`,
    `Traffic collapsed under ${percent(thresholds.collapse)} of the usual rate of this hour of the week, and surged over ${thresholds.surge} times as much, if chance cannot explain it.`,
    `A share is off if it differs from the promised one by more than ${percent(thresholds.shareOff)} of it, and by more than chance.`,
    `A processor is overloaded if it handles its even share and more than ${percent(thresholds.processorExcess)} of the others’ shares.`,
    `Chains are long with more than ${thresholds.chainLength} connections to a bucket.`,
    `The table of neighbours is nearly full from ${percent(thresholds.neighbourPart)} of its limit (gc_thresh3), that of tracked connections from ${percent(thresholds.conntrackPart)} of theirs (nf_conntrack_max).`,
    `A service cannot lose its busiest real server if another would have had more than ${percent(thresholds.spare)} of the most it ever held, at the peak of the last 30 days. Each service is judged once a day, or less often where there are over 600.`,
    `A real server or a service that left counts as gone for good after ${Math.round(thresholds.acceptedAfterS / 3600)} hours.`,
    `The disk is nearly full with less than ${Math.round(thresholds.diskFreeBytes / 2 ** 20).toLocaleString('en-US')} MiB free.`,
  ];
}
