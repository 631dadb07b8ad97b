// /api/links: its JSON comes in pieces.

import { expect, test } from 'vitest';
import { linksRecord } from '../../../src/model/links/links-record.js';
import type { LinkRow, LinksView } from '../../../src/model/links/view.js';
import { linksRoute } from '../../../src/web/links/links-page.js';
import { parseQuery } from '../../../src/web/query.js';

const noGroups = { pairs: new Map(), unplaced: 0 };

const link: LinkRow = {
  agent: 'web01',
  to: '10.0.0.1',
  verdict: 'lost',
  loss: 1,
  rtt: null,
  usualRtt: 0.5,
  lostS: 1_764_642_000,
  lastS: 1_764_642_090,
  fromDc: 'tx',
  toDc: null,
  fromRole: 'web',
  toRole: null,
};

test.each([
  ['no links', 0],
  ['many links', 2000],
])('has the whole table as JSON: %s', async (_, count) => {
  const view: LinksView = {
    timeS: 1_764_642_100,
    agents: [],
    links: Array.from({ length: count }, (_, i) => ({ ...link, to: `10.0.0.${i}` })),
    findings: [],
  };
  const site = {
    links: { view: () => view, each: () => view.links, groups: () => noGroups },
    collecting: () => ({}) as never,
  };
  const { make } = await linksRoute.answer({ sources: { site }, search: '', query: parseQuery('') }, 'json');
  const { body } = await make();
  if (!('pieces' in body)) throw new Error('the answer is not in pieces');
  const pieces: unknown[] = [];
  for await (const piece of body.pieces) pieces.push(piece);
  expect(pieces.join('')).toBe(JSON.stringify(linksRecord(view)));
  expect(Math.max(...pieces.map((piece) => String(piece).length))).toBeLessThan(64 * 1024);
});
