// A page as the server makes it, for tests of browser code.

import { graphKinds } from '../../src/render/series/quantity.js';
import { fixtureEndS, fixtureName } from './fixture-rows.js';

/** The parameters of a page's address. `share`: draw stacks as shares. */
export interface FixturePage {
  readonly layout: 'cards' | 'tiles' | 'pairs' | 'stacks';
  readonly services: number;
  readonly query: string;
  readonly isKiosk: boolean;
  readonly lastS: number;
  readonly base: string;
}

const periodLinks = [
  ['day', '24h'],
  ['week', '7d'],
  ['month', '31d'],
  ['year', '1y'],
] as const;

/** The page's HTML. */
export function fixtureHtml(page: FixturePage): string {
  const { base, layout, query, lastS, isKiosk } = page;
  const links = periodLinks.map(
    ([period, text], index) =>
      `<a data-key="${index + 1}" href="?layout=${layout}&amp;period=${period}"${query === `period=${period}` ? ' aria-current="true"' : ''}>${text}</a>`,
  );
  const views = ['stacks', 'cards', 'pairs', 'tiles'].map(
    (view) => `<a href="?layout=${view}"${view === layout ? ' aria-current="page"' : ''}>${view}</a>`,
  );
  return `<!doctype html>
<html lang="en" class="no-js" data-theme="auto"><head><meta charset="utf-8"><title>lb1.example.com · lvs-stats</title>
<meta name="viewport" content="width=device-width, initial-scale=1"><link rel="icon" href="data:,">
<script src="${base}/static/theme.js"></script><link rel="stylesheet" href="${base}/static/style.css">
<link rel="modulepreload" href="${base}/static/app.js"></head>
<body data-base="${base}" data-time-zone="Asia/Tokyo" data-query="${query.replace(/&/g, '&amp;')}" data-last="${lastS}"${isKiosk ? ' data-kiosk' : ''}>
<header class="bar"><a class="name" href="${base}/">lvs-stats</a> <span class="host">lb1.example.com</span> <span id="age" role="status">● just now</span>
<button type="button" class="more js-only" aria-expanded="false" aria-controls="controls">menu</button>
<form class="search" role="search"><input type="hidden" name="graph_type" value="cps"><input name="q" type="search" placeholder="address, port, host name" aria-label="Search"></form>
<nav class="periods" aria-label="Period">${links.join(' ')}</nav> <span id="controls" class="controls"><button id="theme" type="button">◐ auto</button> <button type="button" class="help js-only" aria-label="Keys">?</button></span></header>
<div class="line"><nav class="views" aria-label="Views">${views.join(' ')}</nav>
<form class="order"><label>sort <select name="order"><option>busiest</option><option>name</option></select></label> <button>show</button></form></div>
<div id="alarm" role="alert" hidden></div>
<script type="module" src="${base}/static/app.js" async></script>
<main class="graphs ${layout}"><h1 class="unseen">Graphs</h1>${groupFigures(figuresOf(page))}</main></body></html>`;
}

/** As in views/figures.ejs: all but the first group are in `noscript`. */
function groupFigures(figures: readonly string[]): string {
  const groups = Array.from({ length: Math.ceil(figures.length / 60) }, (_, group) =>
    figures.slice(group * 60, group * 60 + 60).join('\n'),
  );
  const [first = '', ...later] = groups;
  const unwrap = (group: string) =>
    group.replaceAll('<noscript class="still">', '<div class="still">').replaceAll('</noscript>', '</div>');
  return [first, ...later.map((group) => `<noscript class="later">${unwrap(group)}</noscript>`)].join('\n');
}

function figuresOf(page: FixturePage): string[] {
  const names = Array.from({ length: page.services }, (_, index) => fixtureName(index));
  if (page.layout === 'stacks') {
    return ['cps', 'traffic', 'pps', 'active', 'inactive', 'cps share'].map((type) => figure(page, 'all', type));
  }
  if (page.layout === 'tiles') return names.map((name) => figure(page, name, 'traffic'));
  if (page.layout === 'pairs')
    return names.flatMap((name) => ['cps', 'traffic'].map((type) => figure(page, name, type)));
  return Object.keys(graphKinds).map((type) => figure(page, names[0] ?? '', type));
}

function figure({ base, layout, query }: FixturePage, name: string, typed: string): string {
  const [type = '', share] = typed.split(' ');
  const isStack = layout === 'stacks';
  const endpoint = isStack ? 'All services' : name.replace('_', ':');
  const hosts = name === fixtureName(0) ? ' <span class="hosts">www.example.com</span>' : '';
  const kind = Object.entries(graphKinds).find(([key]) => key === type)?.[1];
  const download = (suffix: string) => `${base}/download/${name}-${type}.${suffix}?${query.replace(/&/g, '&amp;')}`;
  return `<figure class="graph ${layout === 'tiles' ? 'tile' : 'card'}" data-kind="${isStack ? 'stack' : 'graph'}" data-name="${name}" data-type="${type}"${share === undefined ? '' : ' data-share'}>
<figcaption><a class="of" href="${base}/service/${name}"><b>${endpoint}</b> <span class="protocol">TCP</span>${hosts}</a> <span class="shows">${kind?.title}, ${kind?.unit} · 24 h</span></figcaption>
<div class="stage"></div>
<noscript class="still"><a href="${base}/service/${name}"><img src="${base}/picture.png" width="760" height="300" loading="lazy" alt="picture"></a></noscript>
<div class="downloads"><a href="${download('png')}" download>PNG</a> <a href="${download('csv')}">CSV</a> <a href="${download('json')}">JSON</a></div></figure>`;
}

/** The page for a query. */
export function pageOf(query: URLSearchParams, rest: Pick<FixturePage, 'lastS' | 'base' | 'services'>): FixturePage {
  const layout = (query.get('layout') ?? 'cards') as FixturePage['layout'];
  const span = query.has('until')
    ? `since=${query.get('since')}&until=${query.get('until')}`
    : query.has('since')
      ? `since=${query.get('since')}`
      : `period=${query.get('period') ?? 'day'}`;
  return { ...rest, layout, query: span, isKiosk: query.has('kiosk'), lastS: rest.lastS || fixtureEndS };
}
