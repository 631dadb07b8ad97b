// Pages in words: the cause, and how much it broke.

import { archiveText } from '../finding/finding-text.js';
import { formatEndpoint, parseRealServerName } from '../names/name.js';
import { countOf } from '../text/count-of.js';
import type { Page } from './page.js';

/** The title of a page: "rack tx/r01: 25 hosts with 500 real servers of 40 services do not work". */
export function pageTitle(page: Omit<Page, 'title'>): string {
  const { identity, level, hosts, servers, services, alerts } = page;
  const key = identity.slice(level.length + 1);
  const first = alerts[0]?.text ?? '';
  if (level === 'alone') return first;
  const name = nameOf(level, key);
  if (servers === 0) return first === '' ? name : `${name}: ${first}`;
  const broken = `${countOf(servers, 'real server')} of ${countOf(services, 'service')}`;
  if (level === 'dc' || level === 'rack')
    return `${name}: ${countOf(hosts.length, 'host')} with ${broken} ${isAre(hosts.length)} down`;
  if (level === 'host') return `${name}: ${broken} ${isAre(servers)} down`;
  if (level === 'service')
    return `${name}: ${countOf(servers, 'real server')} on ${countOf(hosts.length, 'host')} ${isAre(servers)} down`;
  return `${name}: down in ${countOf(services, 'service')}`;
}

function nameOf(level: Page['level'], key: string): string {
  if (level === 'dc') return `data centre ${key}`;
  if (level === 'service') return archiveText(key);
  if (level !== 'server') return `${level} ${key}`;
  const id = parseRealServerName(key);
  return `real server ${id === null ? key : formatEndpoint(id)}`;
}

function isAre(count: number): string {
  return count === 1 ? 'is' : 'are';
}
