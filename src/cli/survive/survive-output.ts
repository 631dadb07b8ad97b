// The output of `lvs-stats survive`: for people, for programs, and for monitoring that runs plugins.

import { archiveText } from '../../model/finding/finding-text.js';
import type { Grade } from '../../model/finding/verdict.js';
import { lossLevels, type ServiceSurvival } from '../../model/redundancy/survival.js';
import { gradeOf, gradeOfOutcome, weakestFirst, worstGrade } from '../../model/redundancy/survival-grade.js';
import { lossRecord, survivalRecord } from '../../model/redundancy/survival-record.js';
import { lossTitles, missingText, outcomeText, percentText, serverText } from '../../model/redundancy/survival-text.js';
import type { LostPlace, ServiceLoss } from '../../model/redundancy/without.js';
import { countOf } from '../../model/text/count-of.js';
import { formatColumns } from '../text-table.js';

/** The losses that services survive, or the loss of one place. */
export interface SurviveReport {
  readonly services: readonly ServiceSurvival[];
  /** The loss of one place; null if the worst of each is asked for. */
  readonly without: { readonly place: LostPlace; readonly losses: readonly ServiceLoss[] } | null;
  readonly hasTopology: boolean;
  /** The directors that can stand in for this one. */
  readonly partners: readonly string[];
  /** How many times the most it ever held a real server may get. */
  readonly allowed: number;
}

/** The grade of all services. */
export function surviveGrade({ services, without }: SurviveReport): Grade {
  if (services.length === 0) return 'unknown';
  if (without === null) return worstGrade(services.map(gradeOf));
  return worstGrade(['ok', ...without.losses.map(({ loss }) => gradeOfOutcome(loss.outcome))]);
}

/** The formats. */
export const surviveFormats: Readonly<Record<'table' | 'json' | 'nagios', (report: SurviveReport) => string>> = {
  table: (report) => {
    if (report.services.length === 0) return 'There are no services: "lvs-stats collect" reads the table.';
    const lines = report.without === null ? survivalTable(report) : lossTable(report.without);
    return [...lines, '', ...remarksOf(report)].join('\n');
  },
  json: (report) => {
    const { services, without, hasTopology, partners, allowed } = report;
    const common = { status: surviveGrade(report), topology: hasTopology, partners, allowed };
    if (without === null)
      return JSON.stringify({ ...common, services: weakestFirst(services).map(survivalRecord) }, null, 2);
    const losses = without.losses.map(({ service, lost, of, loss }) => {
      const { lost: _, ...rest } = lossRecord(loss);
      return { service, lost, of, ...rest };
    });
    return JSON.stringify({ ...common, without: without.place, services: losses }, null, 2);
  },
  nagios: (report) => {
    const word = { ok: 'OK', warning: 'WARNING', critical: 'CRITICAL', unknown: 'UNKNOWN' }[surviveGrade(report)];
    const { said, counts } = report.without === null ? survivalWords(report) : lossWords(report.without);
    const texts = [
      ...said.slice(0, mostSaid),
      ...(said.length > mostSaid ? [`and ${said.length - mostSaid} more`] : []),
    ];
    const words = texts.length === 0 ? `${countOf(report.services.length, 'service')} looked at` : texts.join('; ');
    return `SURVIVE ${word}: ${words.replaceAll('|', '/')} | ${counts} services=${report.services.length}`;
  },
};

/** Services that a line of monitoring names. */
const mostSaid = 10;

function survivalTable({ services }: SurviveReport): readonly string[] {
  const bad = services.filter((one) => gradeOf(one) !== 'ok').length;
  const title =
    bad === 0
      ? `${countOf(services.length, 'service survives', 'services survive')} what they have to`
      : `${bad} of ${countOf(services.length, 'service')} would not survive a loss that they must survive`;
  const titles = ['service', 'servers', ...lossLevels.map((level) => lossTitles[level]), 'required', 'missing'];
  const rows = weakestFirst(services).map((one) => [
    archiveText(one.service),
    String(one.standings.length),
    ...lossLevels.map((level) => outcomeText(one.survivals[level])),
    one.required === null ? '' : lossTitles[one.required],
    missingText(one),
  ]);
  return [title, '', formatColumns(titles, rows, ['servers'])];
}

function lossTable({ place, losses }: NonNullable<SurviveReport['without']>): readonly string[] {
  const name = `${lossTitles[place.level]} ${place.name}`;
  if (losses.length === 0) return [`Without ${name} no service loses anything: it has no usable real server.`];
  const rows = losses.map(({ service, lost, of, loss }) => [
    archiveText(service),
    `${lost} of ${of}`,
    loss.outcome === 'lost' ? 'nothing is left' : outcomeText(loss).replace(/^yes/, 'survives'),
    loss.heaviest === null ? '' : serverText(loss.heaviest),
  ]);
  return [
    `Without ${name}, ${countOf(losses.length, 'service loses', 'services lose')} real servers`,
    '',
    formatColumns(['service', 'loses', 'result', 'heaviest of the others'], rows),
  ];
}

function remarksOf({ hasTopology, partners, allowed, services }: SurviveReport): readonly string[] {
  const limit = percentText(allowed);
  return [
    `Percentages: new connections at the peak of the last 30 days, as a part of the most that the heaviest of the others ever held; over ${limit} is overloaded. Without one, the load is not known.`,
    ...(hasTopology ? [] : ['Without a topology, a host is an address, and racks and data centres are not known.']),
    ...(partners.length === 0
      ? ['No other director is known: "groups" of the policy names those that stand in for this one.']
      : [`Other directors: ${partners.join(', ')}.`]),
    ...(services.every(({ required }) => required === null)
      ? ['Nothing is required ("redundancy" of the policy): the result is about the loss of a host.']
      : []),
  ];
}

interface Words {
  readonly said: readonly string[];
  readonly counts: string;
}

function survivalWords({ services }: SurviveReport): Words {
  const said = weakestFirst(services).flatMap((one) =>
    gradeOf(one) === 'ok' ? [] : [`${archiveText(one.service)} lacks ${missingText(one)}`],
  );
  const count = (grade: Grade): number => services.filter((one) => gradeOf(one) === grade).length;
  return { said, counts: `lost=${count('critical')} overloaded=${count('warning')} unknown=${count('unknown')}` };
}

function lossWords({ losses }: NonNullable<SurviveReport['without']>): Words {
  const said = losses.flatMap(({ service, loss }) =>
    loss.outcome === 'survives'
      ? []
      : [`${archiveText(service)}: ${loss.outcome === 'lost' ? 'nothing is left' : outcomeText(loss)}`],
  );
  const count = (outcome: ServiceLoss['loss']['outcome']): number =>
    losses.filter(({ loss }) => loss.outcome === outcome).length;
  return { said, counts: `lost=${count('lost')} overloaded=${count('overloaded')} unknown=${count('unknown')}` };
}
