// `lvs-stats events`: what changed in the table, when, and why.

import { type Command, Option } from 'commander';
import type { LedgerEvent } from '../model/ledger-event.js';
import { directorName, resolveName } from '../model/name.js';
import { withArchives } from '../store/store.js';
import { formatLocal } from './local-time.js';
import { addCommand, parseEpoch, print, say } from './settings.js';
import { formatColumns } from './text-table.js';

interface EventsOptions {
  readonly data: string;
  readonly since?: number;
  readonly until?: number;
  readonly format: 'table' | 'json';
}

/** Adds the command. */
export function addEvents(program: Command): void {
  addCommand(program, 'events [name]', 'Lists what changed: appeared, gone, weights, resets, failed cycles.')
    .option('--since <time>', 'epoch seconds', parseEpoch)
    .option('--until <time>', 'epoch seconds', parseEpoch)
    .addOption(new Option('--format <format>', 'how to print them').choices(['table', 'json']).default('table'))
    .addHelpText(
      'after',
      `\nWithout a name, of all; "${directorName}" is the director itself. The newest 1,000 of each are kept.`,
    )
    .action(async (name: string | undefined, { data, since, until, format }: EventsOptions) => {
      const query = {
        ...(name === undefined ? {} : { archive: resolveName(name) }),
        ...(since === undefined ? {} : { sinceS: since }),
        ...(until === undefined ? {} : { untilS: until }),
      };
      const events = await withArchives(data, (store) => store.events(query));
      if (format === 'json') print(JSON.stringify(events.map(eventJson), null, 2));
      else if (events.length === 0) say('no events');
      else print(formatColumns(['time', 'archive', 'event', 'what'], events.map(eventRow)));
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
