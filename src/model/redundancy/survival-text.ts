// Survival in words: the load after a loss, and what is missing.

import { formatEndpoint, nameWithin, parseRealServerName } from '../names/name.js';
import type { LossLevel, LossOutcome, ServiceSurvival, Survival } from './survival.js';
import { judgedLoss } from './survival.js';

/** The names of the losses. */
export const lossTitles: Readonly<Record<LossLevel, string>> = {
  server: 'real server',
  host: 'host',
  rack: 'rack',
  dc: 'data centre',
  director: 'director',
};

/** The names of the outcomes. */
const outcomeTitles: Readonly<Record<LossOutcome, string>> = {
  survives: 'yes',
  overloaded: 'overloaded',
  lost: 'no',
  unknown: 'not known',
};

/** The outcome, with the load of the heaviest of the others: "yes, 140 %", "no", "not known". */
export function outcomeText({ outcome, part }: Survival): string {
  const title = outcomeTitles[outcome];
  return Number.isNaN(part) ? title : `${title}, ${percentText(part)}`;
}

/** "140 %". */
export function percentText(part: number): string {
  return `${Math.round(100 * part)} %`;
}

/** A real server by its archive: `10.0.0.5:8080`. */
export function serverText(archive: string): string {
  const id = parseRealServerName(nameWithin(archive));
  return id === null ? archive : formatEndpoint(id);
}

/** A unit that is lost: "host web01", "10.0.0.5:8080". */
export function unitText({ level, worst }: Pick<Survival, 'level' | 'worst'>): string {
  if (worst === null) return `a ${lossTitles[level]}`;
  return level === 'server' ? serverText(worst) : `${lossTitles[level]} ${worst}`;
}

/** The missing part of the redundancy that a service needs; '' if it has all of it. */
export function missingText(service: ServiceSurvival): string {
  const { standings } = service;
  if (standings.length === 0) return 'a usable real server';
  const loss = judgedLoss(service);
  const { level, outcome, worst, part, heaviest } = loss;
  if (outcome === 'survives') return '';
  if (outcome === 'unknown') return unplacedText(service, level);
  if (outcome === 'overloaded')
    return `capacity: without ${unitText(loss)}, ${serverText(heaviest ?? '')} would have had ${percentText(part)} of the most it ever held`;
  if (level === 'server') return 'a second real server';
  if (level === 'host') return `a real server on another host than ${worst}`;
  return `a real server outside of ${unitText(loss)}`;
}

const mostNamed = 3;

function unplacedText({ standings }: ServiceSurvival, level: LossLevel): string {
  const unplaced = standings.filter(({ place }) => (level === 'dc' ? place.dc : place.rack) === null);
  const addresses = [...new Set(unplaced.map(({ address }) => address))];
  const more = addresses.length > mostNamed ? ` and ${addresses.length - mostNamed} more` : '';
  return `the ${lossTitles[level]} of ${addresses.slice(0, mostNamed).join(', ')}${more} in the topology`;
}
