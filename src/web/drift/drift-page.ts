// The page of drift: every difference between the table and its references, with both states, since when, and where it is written.

import { placeText } from '../../model/drift/expected.js';
import type { KnownDrift, KnownProblem, KnownReference } from '../../model/drift/known-drift.js';
import { driftProblems } from '../../model/drift/problem.js';
import { problemRecord, referenceNames } from '../../model/drift/problem-text.js';
import { driftTitles } from '../../model/finding/drift-text.js';
import { archiveText } from '../../model/finding/finding-text.js';
import { countOf } from '../../model/text/count-of.js';
import { formatLocal } from '../../render/look/local-time.js';
import type { Catalogue } from '../data/catalogue.js';
import type { Page, Visit } from '../frame/page-frame.js';
import { archivePath } from '../pages/figure.js';
import { type RouteRequest, route } from '../routes/route.js';
import type { Site } from '../site.js';

/** The page; without a reference it says how to name one. */
export function driftPage(site: Site, { catalogue }: Visit): Page {
  const { drift, lastS } = site.collecting();
  const { timeZone } = site.looks();
  const problems = drift?.problems ?? [];
  const words = { catalogue, basePath: site.basePath, timeZone };
  return {
    template: 'drift',
    path: 'drift',
    title: 'Drift',
    content: {
      isJudged: drift !== undefined,
      verdict: verdictOf(drift),
      grade: gradeOf(drift),
      lookedAt: lastS === null ? '' : formatLocal(timeZone, lastS).slice(0, 16),
      rows: problems.map((own) => rowOf(own, words)),
      more: (drift?.count ?? 0) - problems.length,
      references: (drift?.references ?? []).map((own) => referenceRow(own, timeZone)),
    },
  };
}

/** How the page is coloured: like the severities of findings. */
function gradeOf(drift: KnownDrift | undefined): 'ok' | 'warning' | 'critical' | 'unknown' {
  if (drift === undefined) return 'unknown';
  const { problems, references } = drift;
  if (problems.some(({ problem }) => driftProblems[problem] === 'dirty')) return 'critical';
  return problems.length > 0 || references.some(({ failure }) => failure !== null) ? 'warning' : 'ok';
}

function verdictOf(drift: KnownDrift | undefined): string {
  if (drift === undefined) return '';
  const { count, problems, references } = drift;
  const dirty = problems.filter(({ problem }) => driftProblems[problem] === 'dirty').length;
  if (count > problems.length) return countOf(count, 'difference');
  if (count > 0) return `${countOf(count, 'difference')}: ${dirty} dirty, ${count - dirty} unhealthy`;
  const isUnread = references.some(({ failure }) => failure !== null);
  return isUnread ? 'Drift cannot be judged' : 'The table is as it should be';
}

interface RowGround {
  readonly catalogue: Catalogue;
  readonly basePath: string;
  readonly timeZone: string;
}

function rowOf(own: KnownProblem, { catalogue, basePath, timeZone }: RowGround) {
  const { problem, archive, actual, expected, place, reference, sinceS } = own;
  return {
    class: driftProblems[problem],
    title: driftTitles[problem],
    subject: archiveText(archive),
    href: catalogue.byName.has(archive) ? `${basePath}/${archivePath(archive)}` : '',
    actual,
    expected,
    by: place === null ? referenceNames[reference] : placeText(place),
    since: formatLocal(timeZone, sinceS).slice(0, 16),
  };
}

function referenceRow({ kind, name, services, failure, notes, isWhole }: KnownReference, timeZone: string) {
  const since = failure === null ? '' : formatLocal(timeZone, failure.sinceS).slice(0, 16);
  const state =
    failure !== null
      ? `cannot be read since ${since}: ${failure.text}`
      : `${countOf(services ?? 0, 'service')}${isWhole ? '' : '; not read in full, only what was understood is judged'}`;
  return { kind: referenceNames[kind], name, state, isFailed: failure !== null, notes };
}

/** `drift`: the differences, and what was compared; `judged` is false if nothing is. */
export const driftRoute = route({
  path: '/drift',
  parse: ({ sources }: RouteRequest<{ readonly site: Pick<Site, 'collecting'> }>) => sources.site.collecting(),
  key: () => ['drift'],
  rows: (collecting) => collecting,
  json: ({ lastS, drift }) => ({
    small: {
      time: lastS,
      judged: drift !== undefined,
      count: drift?.count ?? 0,
      problems: (drift?.problems ?? []).map((own) => ({ ...problemRecord(own), since: own.sinceS })),
      references: (drift?.references ?? []).map(({ failure, ...rest }) => ({
        ...rest,
        failure: failure && { since: failure.sinceS, text: failure.text },
      })),
    },
  }),
});
