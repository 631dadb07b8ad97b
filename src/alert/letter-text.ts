// Letters in words and as JSON: for mails, for hooks, and for what operators read.

import type { Page } from '../model/paging/page.js';
import { countOf } from '../model/text/count-of.js';
import { isCriticalPage, type Letter, type Message } from './message.js';

/** Most alerts of a page that a letter lists; the others are counted. */
const [mostAlerts, mostInDigest] = [500, 5];

const titles: Readonly<Record<Message['kind'], string>> = {
  page: 'PAGE',
  update: 'UPDATE',
  resolved: 'RESOLVED',
  folded: 'PART OF ANOTHER PAGE',
};

/** The first line of a letter: "PAGE critical: rack tx/r01: 25 hosts … are down". */
export function letterTitle(letter: Letter): string {
  if (letter.kind === 'single') return messageTitle(letter.message);
  const pages = letter.messages.filter(({ kind }) => kind === 'page').length;
  const critical = letter.messages.filter(isCriticalPage).length;
  const others = letter.messages.length - pages;
  const ofThem = critical === 0 ? '' : ` (${critical} critical)`;
  const counts = [
    pages > 0 && `${countOf(pages, 'page')}${ofThem}`,
    others > 0 && countOf(others, 'other message'),
  ].filter((text) => text !== false);
  return `DIGEST: ${counts.join(' and ')}${droppedText(letter.dropped)}`;
}

function droppedText(dropped: number): string {
  return dropped === 0 ? '' : `; ${countOf(dropped, 'older message was', 'older messages were')} dropped`;
}

function messageTitle({ kind, page: { severity, title } }: Message): string {
  return `${titles[kind]}${kind === 'page' || kind === 'update' ? ` ${severity}` : ''}: ${title}`;
}

/** The text of a letter, with its title first. */
export function letterText(letter: Letter): string {
  if (letter.kind === 'single') return `${letterTitle(letter)}\n\n${messageDetails(letter.message)}`;
  return [
    letterTitle(letter),
    '',
    ...letter.messages.map((one) => `- ${messageTitle(one)}, ${sinceText(one.page)}`),
  ].join('\n');
}

function messageDetails({ page, into, kind }: Message): string {
  const lines = [sinceText(page), ...(into === null ? [] : [`part of ${into}`]), `id: ${page.id}`];
  if (kind === 'resolved' || kind === 'folded') return lines.join('\n');
  return [...lines, ...hostLines(page), '', alertsText(page)].join('\n');
}

function hostLines({ level, hosts }: Page): readonly string[] {
  return level === 'host' || hosts.length === 0 ? [] : [`hosts: ${hosts.join(', ')}`];
}

function sinceText({ sinceS }: Page): string {
  return `since ${utcText(sinceS)}`;
}

/** The findings that follow from the cause of a page, one a line. */
export function alertsText({ alerts }: Page, most = mostAlerts): string {
  const lines = alerts.slice(0, most).map(({ severity, text }) => `- ${severity}: ${text}`);
  const left = alerts.length - lines.length;
  return [...lines, ...(left === 0 ? [] : [`and ${left} more`])].join('\n');
}

function utcText(timeS: number): string {
  return `${new Date(timeS * 1000).toISOString().slice(0, 16).replace('T', ' ')} UTC`;
}

/** A letter as a JSON object; times are epoch seconds. */
export function letterRecord(letter: Letter, director: string): object {
  const own = { version: 1, director, text: letterTitle(letter) };
  if (letter.kind === 'single') return { ...own, ...messageRecord(letter.message, mostAlerts) };
  const messages = letter.messages.map((one) => messageRecord(one, mostInDigest));
  return { ...own, kind: 'digest', dropped: letter.dropped, messages };
}

function messageRecord({ id, kind, atS, into, page }: Message, most: number): object {
  const { sinceS, alerts, servers, ...rest } = page;
  const listed = alerts.slice(0, most).map(({ sinceS: since, ...alert }) => ({ ...alert, since }));
  return {
    id,
    kind,
    at: atS,
    into,
    page: { ...rest, since: sinceS, realServers: servers, alerts: listed, alertCount: alerts.length },
  };
}
