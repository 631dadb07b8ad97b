// `lvs-stats events`: what changed in the table, when, and why.

import { type Command, Option } from 'commander';
import { stepS } from '../model/archive.js';
import type { LedgerEvent } from '../model/ledger-event.js';
import { directorName, resolveName, serviceOf } from '../model/name.js';
import { lendOf } from './lend.js';
import { formatLocal } from './local-time.js';
import { workAsOwner } from './owner.js';
import { addCommand, print, say } from './settings.js';
import { formatColumns } from './text-table.js';
import { parseTimeOption } from './time-option.js';

interface EventsOptions {
  readonly data: string;
  readonly since?: number;
  readonly until?: number;
  readonly format: 'table' | 'json';
}

/** Adds the command. */
export function addEvents(program: Command): void {
  addCommand(program, 'events [name]', 'Lists what changed: appeared, gone, weights, resets, failed cycles.')
    .option('--since <time>', '24h, 7d (ago), a date, epoch seconds', parseTimeOption)
    .option('--until <time>', 'likewise', parseTimeOption)
    .addOption(new Option('--format <format>', 'how to print them').choices(['table', 'json']).default('table'))
    .addHelpText(
      'after',
      `\nWithout a name, of all; "${directorName}" is the director itself. The newest 1,000 of each are kept.`,
    )
    .action(async (name: string | undefined, options: EventsOptions) => {
      const { data, format } = options;
      workAsOwner(data);
      const events = await readEvents(name === undefined ? null : resolveName(name), options);
      if (format === 'json') print(JSON.stringify(events.map(eventJson), null, 2));
      else if (events.length === 0) say('no events');
      else print(formatColumns(['time', 'archive', 'event', 'what'], events.map(eventRow)));
    });
}

/** The events of all archives, or of one; a real server's are those of its service that concern it. */
async function readEvents(name: string | null, { data, since, until }: EventsOptions): Promise<readonly LedgerEvent[]> {
  const service = name === null ? null : serviceOf(name);
  const query = {
    ...(service === null ? {} : { archive: service }),
    ...(since === undefined ? {} : { sinceS: since }),
    ...(until === undefined ? {} : { untilS: until }),
  };
  return lendOf(data)(async (store) => {
    if (name !== null && name !== directorName) await store.fetch({ name, cf: 'AVERAGE', startS: 0, endS: 1, stepS });
    const events = await store.events(query);
    return name === service ? events : events.filter(({ realServer }) => `${service}/${realServer}` === name);
  });
}

function eventRow(event: LedgerEvent): readonly string[] {
  return [formatLocal(event.timeS), event.archive, event.kind, describe(event)];
}

function describe({ realServer, from, to, cause, detail }: LedgerEvent): string {
  const change =
    from !== undefined && to !== undefined ? `${from || '(none)'} to ${to || '(none)'}` : (to ?? from ?? '');
  return [realServer ?? '', change, cause ?? '', detail ?? ''].filter((part) => part !== '').join(': ');
}

function eventJson({ timeS, ...rest }: LedgerEvent): object {
  return { time: timeS, ...rest };
}
