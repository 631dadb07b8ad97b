// `lvs-stats push`: sends the rows of all archives to an engine that keeps them for years, as a daemon or once.

import { hostname } from 'node:os';
import { type Command, Option } from 'commander';
import { untilSignal } from '../cli/ending.js';
import { lendOf } from '../cli/lend.js';
import { formatLocal } from '../cli/local-time.js';
import { loginVariable, receiverOf } from '../cli/options/push-options.js';
import { parseTimeOption } from '../cli/options/time-option.js';
import { workAsOwner } from '../cli/owner.js';
import { addCommand, addLogFormat, print, say } from '../cli/settings.js';
import { openPush } from '../cycle/push/open-push.js';
import { waitingFor } from '../cycle/push/waiting.js';
import { UserError } from '../model/user-error.js';
import { createProgressLines } from '../push/progress-lines.js';
import { pushForever, pushOnce } from '../push/run-push.js';

interface PushOptions {
  readonly data: string;
  readonly to?: string;
  readonly login?: string;
  readonly ca?: string;
  readonly since?: number;
  readonly once?: boolean;
  readonly verify?: boolean;
  readonly director: string;
}

const help = `
The receiver takes Prometheus' remote write 1.0, as VictoriaMetrics and Prometheus (--web.enable-remote-write-receiver) do. Without a path in its
address, /api/v1/write is used. Each row is a sample at its end; unknown rows are staleness markers.

The first run sends everything that is kept, and later ones what is new. What the receiver has is in push-*.json of the data folder.
Prometheus refuses history, unless storage.tsdb.out_of_order_time_window in its configuration reaches back as far as that.

${loginVariable} may hold a login, as the file of --login: USER:PASSWORD, or "Bearer TOKEN".

--verify reads all rows that were sent back from the receiver. Rows that differ are listed by archive, with the way to send them again, and the exit
status is 1. Rows change after they were sent by "import", "rewind" and "repair".

Examples:
  lvs-stats push --to http://127.0.0.1:8428
  lvs-stats push --to https://metrics.example.com --login /etc/lvs-stats.login --ca /etc/ssl/own.pem
  lvs-stats push --to http://127.0.0.1:9090 --once --since 30d`;

/** Adds the command. */
export function addPush(program: Command): void {
  addLogFormat(
    addCommand(program, 'push', {
      group: 'Data',
      description: 'Sends rows to Prometheus, VictoriaMetrics and their kin.',
    }),
  )
    .addOption(new Option('--to <url>', 'the receiver of remote write').env('LVS_STATS_PUSH_TO'))
    .option('--login <file>', 'a file with the login: USER:PASSWORD, or Bearer TOKEN')
    .option('--ca <file>', 'trust only the authorities in this PEM file')
    .option(
      '--since <time>',
      'send no rows from before: 30d (ago), a date (default: all that is kept)',
      parseTimeOption,
    )
    .option('--once', 'send everything, then end')
    .option('--verify', 'send nothing, and compare the rows that were sent with those of the receiver')
    .addOption(
      new Option('--director <name>', 'name of the director in the label of that name').default(
        hostname(),
        "this machine's name",
      ),
    )
    .addHelpText('after', help)
    .action(push);
}

async function push({
  data,
  to,
  login,
  ca,
  since = 0,
  once = false,
  verify = false,
  director,
}: PushOptions): Promise<void> {
  if (to === undefined)
    throw new UserError('bad-command', 'name the receiver with --to URL, such as http://127.0.0.1:8428');
  const names = { to: '--to', login: '--login', ca: '--ca' };
  const address = receiverOf({ to, login, ca, names }, process.env);
  const ending = untilSignal();
  workAsOwner(data);
  if (verify) {
    const { verifyReceiver } = await import('../cycle/push/verify-receiver.js');
    const request = { dataDir: data, address, director, sinceS: since, lend: lendOf(data), signal: ending };
    return verifyReceiver({ ...request, print });
  }
  const { pusher, close } = await openPush({
    dataDir: data,
    address,
    director,
    sinceS: since,
    lend: lendOf(data),
    inTurn: (use) => use(),
    signal: ending,
    onProgress: createProgressLines(say, formatLocal),
  });
  try {
    const wait = waitingFor(ending, null);
    const ground = { pusher, name: address.name, signal: ending, wait, report: sayLevel, firstWaitMs: 1000 };
    await (once ? pushOnce(ground) : pushForever(ground));
    if (!once || ending.aborted) return;
    print(`${pusher.samples} samples sent to ${address.name}`);
  } finally {
    await close();
  }
}

function sayLevel(text: string, level: 'warning' | 'notice'): void {
  say(text, { level });
}
