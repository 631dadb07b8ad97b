// `lvs-stats events`: the changes of the table, with time and cause.

import { type Command, InvalidArgumentError, Option } from 'commander';
import { lendFrom } from '../cli/lend.js';
import { formatLocal } from '../cli/local-time.js';
import { addFromOptions, type FromOptions } from '../cli/options/from-options.js';
import { parseTimeOption } from '../cli/options/time-option.js';
import { addCommand, printText, say } from '../cli/settings.js';
import { formatColumns } from '../cli/text-table.js';
import { looksOf } from '../drawing/pictures.js';
import {
  type EventKind,
  type EventQuery,
  eventKinds,
  eventsPerArchive,
  isOfRealServer,
  type LedgerEvent,
} from '../model/ledger-event.js';
import { nameMatcher } from '../model/names/match-name.js';
import { directorName, serviceOf } from '../model/names/name.js';
import { resolveName } from '../model/names/parse-name.js';
import type { SeriesSource } from '../model/series.js';
import { formatCsv } from '../model/text/csv.js';
import { eventRecord, eventRows, eventWhat } from '../model/text/event-text.js';
import { UserError } from '../model/user-error.js';
import { hostsOf } from '../render/look/host-names.js';

interface EventsOptions extends FromOptions {
  readonly data: string;
  readonly kind?: readonly EventKind[];
  readonly since?: number;
  readonly until?: number;
  readonly format: 'table' | 'json' | 'csv';
}

const help = `
NAME is an archive or a pattern: 192.0.2.1:80   '192.0.2.*'   '*:443'   192.0.2.1:80/10.0.0.5:8080
Without NAME, it lists the events of all archives; "${directorName}" is the director. Each keeps its newest ${eventsPerArchive}.
--kind: ${eventKinds.join(', ')}

Examples:
  lvs-stats events --since 7d
  lvs-stats events all --kind cycle-missed,cycle-failed
  lvs-stats events '*:443' --kind counters-reset --format csv`;

/** Adds the command. */
export function addEvents(program: Command): void {
  const command = addCommand(program, 'events [name]', {
    group: 'Watch',
    description: 'Lists what changed: servers, weights, counter resets, missed and failed cycles.',
  });
  addFromOptions(command)
    .option('--kind <kinds>', 'only these kinds, separated by commas', parseKinds)
    .option('--since <time>', '24h, 7d (ago), a date, epoch seconds', parseTimeOption)
    .option('--until <time>', 'likewise', parseTimeOption)
    .addOption(new Option('--format <format>', 'output format').choices(['table', 'json', 'csv']).default('table'))
    .addHelpText('after', help)
    .action(async (name: string | undefined, options: EventsOptions) => {
      const { format, kind } = options;
      const all = await readEvents(name ?? null, options);
      const events = kind === undefined ? all : all.filter((event) => kind.includes(event.kind));
      if (format === 'json') printText(JSON.stringify(events.map(eventRecord), null, 2));
      else if (format === 'csv') printText(formatCsv(eventRows(events)));
      else if (events.length === 0) say('no events');
      else printText(formatColumns(['time', 'archive', 'event', 'what'], events.map(eventRow)));
    });
}

function parseKinds(text: string): readonly EventKind[] {
  return text.split(',').map((part) => {
    const kind = eventKinds.find((known) => known === part);
    if (kind === undefined) throw new InvalidArgumentError(`"${part}" is not one of ${eventKinds.join(', ')}.`);
    return kind;
  });
}

/** The events of all archives, of one, or of those that match a pattern. */
async function readEvents(name: string | null, options: EventsOptions): Promise<readonly LedgerEvent[]> {
  const { data, since, until } = options;
  const span = {
    ...(since === undefined ? {} : { sinceS: since }),
    ...(until === undefined ? {} : { untilS: until }),
  };
  const isPattern = name !== null && /[*?{]/.test(name);
  // An invalid name is reported before the archives are read.
  const resolved = name === null || isPattern ? null : resolveName(name);
  return lendFrom(options)(async (store) => {
    if (resolved !== null) return eventsOfName(store, resolved, span);
    return name === null ? store.events(span) : eventsOfPattern(store, name, { data, span });
  });
}

type Span = Omit<EventQuery, 'archive'>;

/** The events of a real server are those of its service that concern it. */
async function eventsOfName(store: SeriesSource, name: string, span: Span): Promise<readonly LedgerEvent[]> {
  const service = serviceOf(name);
  if (name !== directorName) await store.fetch({ name, cf: 'AVERAGE', startS: 0, endS: 1, stepS: 1 });
  const events = await store.events({ ...span, archive: service });
  return name === service ? events : events.filter((event) => isOfRealServer(event, name));
}

async function eventsOfPattern(
  store: SeriesSource,
  pattern: string,
  { data, span }: { readonly data: string; readonly span: Span },
): Promise<readonly LedgerEvent[]> {
  const isMatch = nameMatcher(pattern);
  const { hosts } = looksOf(data);
  const names = new Set(
    (await store.list()).map(({ name }) => name).filter((name) => isMatch(name, hostsOf(name, hosts))),
  );
  if (names.size === 0) {
    throw new UserError('no-match', `no archive matches ${pattern}: "lvs-stats list" shows the names`);
  }
  const events = await store.events(span);
  return events.filter(({ archive, realServer }) => names.has(archive) || names.has(`${archive}/${realServer}`));
}

function eventRow(event: LedgerEvent): readonly string[] {
  const what = [event.realServer ?? '', eventWhat(event)].filter((part) => part !== '').join(': ');
  return [formatLocal(event.timeS), event.archive, event.kind, what];
}
