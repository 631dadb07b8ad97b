// `lvs-stats top`: the findings and the services in a terminal, refreshed. It reads what the first page of the viewer reads, and judges
// nothing itself.

import { hostname } from 'node:os';
import { type Command, Option } from 'commander';
import { untilSignal } from '../cli/ending.js';
import { lendOf } from '../cli/lend.js';
import { formatLocal } from '../cli/local-time.js';
import { workAsOwner } from '../cli/owner.js';
import { addPolicyOption } from '../cli/policy/policy-file.js';
import { addCommand, parseCount, printText } from '../cli/settings.js';
import { openScreen, type Screen } from '../cli/top/screen.js';
import { mostSkipped, orderKeys, type TopContent, type TopWindow, topLines } from '../cli/top/top-lines.js';
import { readDirectorStatus } from '../cycle/director-status.js';
import { looksOf } from '../drawing/pictures.js';
import { findingText, subjectText } from '../model/finding/finding-text.js';
import type { SeriesSource } from '../model/series.js';
import { UserError } from '../model/user-error.js';
import { type Boards, createBoards, unkept } from '../web/data/board.js';
import { type Catalogue, catalogueOf } from '../web/data/catalogue.js';
import { findingStates } from '../web/now/finding-rows.js';
import { type NowColumn, type NowOrder, nowColumns, nowServices } from '../web/now/now-rows.js';

interface TopOptions {
  readonly data: string;
  readonly interval: number;
  readonly sort: NowColumn;
  readonly once?: boolean;
  readonly director: string;
  readonly policy?: string;
}

const help = `
Keys: q quits; n, t, c, w, r and s sort by name, bit/s, conn/s, change against last week, real servers and state, i in reverse; the arrow and
page keys scroll. With --once, or when the output is no terminal, it prints the list once. NO_COLOR turns colours off.

Examples:
  lvs-stats top
  lvs-stats top --once --sort conns | head`;

/** Characters in a line that is not for a terminal. */
const printedColumns = 160;

/** Adds the command. */
export function addTop(program: Command): void {
  addPolicyOption(
    addCommand(program, 'top', {
      group: 'Watch',
      description: 'Shows the findings and the services in a terminal, refreshed.',
    }),
  )
    .option('--interval <seconds>', 'seconds between two looks', parseCount, 5)
    .addOption(
      new Option('--sort <column>', 'order of the services').choices(Object.keys(nowColumns)).default('traffic'),
    )
    .option('--once', 'print the list once')
    .addOption(new Option('--director <name>', 'name of the director').default(hostname(), "this machine's name"))
    .addHelpText('after', help)
    .action(top);
}

async function top(options: TopOptions): Promise<void> {
  workAsOwner(options.data);
  const look = lookAt(options);
  const order = { by: options.sort, isReversed: false };
  if (options.once !== true && process.stdout.isTTY) return await watch(look, options, order);
  const columns = process.stdout.columns || printedColumns;
  const window = { columns, lines: Number.POSITIVE_INFINITY, order, skipped: 0, hasColour: false };
  printText(topLines(await look(order), window).join('\n'));
}

/** Reads the contents in an order. */
type Look = (order: NowOrder) => Promise<TopContent>;

/** Reads the archives only when there is a new reading. */
function lookAt({ data, director, policy }: TopOptions): Look {
  const lend = lendOf(data);
  const source: SeriesSource = {
    list: () => lend((archives) => archives.list()),
    fetch: (query) => lend((archives) => archives.fetch(query)),
    fetchBoth: (query) => lend((archives) => archives.fetchBoth(query)),
    fetchMany: (query) => lend((archives) => archives.fetchMany(query)),
    events: (query) => lend((archives) => archives.events(query)),
  };
  const boards: Boards = createBoards(unkept(source));
  let shown: { readonly lastS: number | null; readonly catalogue: Catalogue } | null = null;
  return async (order) => {
    const { verdict, lastS } = await readDirectorStatus(data, policy);
    const { hosts, note, timeZone } = looksOf(data);
    if (shown?.lastS !== lastS) shown = { lastS, catalogue: catalogueOf(await source.list(), hosts) };
    const { catalogue } = shown;
    const ground = { board: await boards.read(catalogue), states: findingStates(verdict, timeZone) };
    return {
      director,
      note,
      readAt: lastS === null ? null : formatLocal(lastS),
      failure: null,
      findings: verdict.findings.map((finding) => ({
        severity: finding.severity,
        since: formatLocal(finding.sinceS).slice(0, 16),
        subject: subjectText(finding),
        text: findingText(finding),
      })),
      services: nowServices(catalogue.services, order, ground),
    };
  };
}

/** Shows the screen until q or a signal. */
async function watch(look: Look, { interval, director }: TopOptions, first: NowOrder): Promise<void> {
  const ending = untilSignal();
  const quit = new AbortController();
  let [order, skipped] = [first, 0];
  let content: TopContent = { director, note: null, readAt: null, failure: null, findings: [], services: [] };
  let screen: Screen | null = null;
  let wake: () => void = () => {};
  const draw = (): void => screen?.draw(topLines(content, { ...windowNow(), order, skipped }));
  screen = openScreen(process.stdin.isTTY ? process.stdin : null, process.stdout, {
    onKey: (key) => {
      if (key === 'q') quit.abort();
      const column = orderKeys[key];
      if (column !== undefined) order = { by: column, isReversed: false };
      else if (key === 'i') order = { ...order, isReversed: !order.isReversed };
      skipped = Math.max(0, Math.min(mostSkipped(content), skipped + scrolledBy(key)));
      wake();
      draw();
    },
    onRedraw: draw,
    onInterrupt: () => quit.abort(),
  });
  const signal = AbortSignal.any([ending, quit.signal]);
  signal.addEventListener('abort', () => wake());
  try {
    while (!signal.aborted) {
      content = await lookOr(content, () => look(order));
      draw();
      await new Promise<void>((resolve) => {
        const timer = setTimeout(resolve, interval * 1000);
        wake = () => {
          clearTimeout(timer);
          resolve();
        };
        if (signal.aborted) wake();
      });
    }
  } finally {
    screen.close();
  }
}

/** The former contents with the reason, when the archives cannot be read for a moment. */
async function lookOr(before: TopContent, look: () => Promise<TopContent>): Promise<TopContent> {
  try {
    return await look();
  } catch (error) {
    if (!(error instanceof UserError) || before.readAt === null) throw error;
    return { ...before, failure: error.message };
  }
}

function windowNow(): Pick<TopWindow, 'columns' | 'lines' | 'hasColour'> {
  // A serial line reports no size, or 0 by 0.
  const { columns, rows } = process.stdout;
  return { columns: columns || 80, lines: rows || 24, hasColour: (process.env['NO_COLOR'] ?? '') === '' };
}

function scrolledBy(key: string): number {
  const page = Math.max(1, Math.floor(windowNow().lines / 2));
  const by: Readonly<Record<string, number>> = { up: -1, down: 1, pageup: -page, pagedown: page, home: -1e9, end: 1e9 };
  return by[key] ?? 0;
}
