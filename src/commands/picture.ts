// `lvs-stats picture`: the path of one standing picture, which is drawn first if it is missing or older than its data.

import { type Command, Option } from 'commander';
import { lendEngine } from '../cli/lend.js';
import { addFromOptions, type EnginePlace, enginePlaceOf, type FromOptions } from '../cli/options/from-options.js';
import { workAsOwner } from '../cli/owner.js';
import { addPolicyOption, readPolicy } from '../cli/policy/policy-file.js';
import { lowerPriority } from '../cli/priority.js';
import { addCommand, print, say } from '../cli/settings.js';
import { aloneIn, looksOf, studioOf } from '../drawing/pictures.js';
import { resolveName } from '../model/names/parse-name.js';
import type { Capacity } from '../model/policy/capacity.js';
import { UserError } from '../model/user-error.js';
import { periods } from '../render/define/graph-request.js';
import { pictureOnRequest, type SharedStudio } from '../render/files/picture-on-request.js';
import { drawHere } from '../render/png/draw-pool.js';

interface PictureOptions extends FromOptions {
  readonly data: string;
  readonly period: string;
  readonly out?: string;
  readonly policy?: string;
}

const help = `
A cycle leaves pictures beyond its budget undrawn. This command draws one of them on request. With --from, it always draws the picture, into a
folder of the period in --out.

Examples:
  lvs-stats picture 192.0.2.1:80 traffic
  lvs-stats picture all cps --period year
  lvs-stats picture all cps --from http://metrics.example.com:8428 --from-director lb1 --out pictures`;

/** Adds the command. */
export function addPicture(program: Command): void {
  const command = addCommand(program, 'picture <name> <type>', {
    group: 'Look',
    description: 'Prints the path of a picture, which is redrawn first if it is out of date.',
  });
  addFromOptions(addPolicyOption(command))
    .addOption(new Option('--period <period>', 'period of the picture').choices(Object.keys(periods)).default('day'))
    .option('--out <dir>', 'the folder to draw into, with --from')
    .addHelpText('after', help)
    .action(async (name: string, type: string, options: PictureOptions) => {
      const { data, period, policy: file, out } = options;
      const place = enginePlaceOf(options, process.env);
      if ((place === null) !== (out === undefined))
        throw new UserError(
          'bad-command',
          '--from and --out DIR go together: pictures of --data have their own folder',
        );
      if (place === null) workAsOwner(data);
      lowerPriority();
      const { policy, problem } = await readPolicy(file, () => Date.now() / 1000, 'without-topology');
      if (problem !== null) say(problem.text, { level: 'error', code: 'bad-config' });
      const { capacity } = policy;
      const own = { ...studioOf(data, capacity), draw: drawHere, alone: aloneIn(data) };
      const studio = place === null || out === undefined ? own : engineStudio(place, { data, out, capacity });
      print(await pictureOnRequest(studio, { name: resolveName(name), type, period }));
    });
}

/** Draws pictures of an engine's archives anew each time: those of another director may have the same names. */
function engineStudio(
  place: EnginePlace,
  { data, out, capacity }: { readonly data: string; readonly out: string; readonly capacity: Capacity },
): SharedStudio {
  const always = { drawnSinceMs: Number.POSITIVE_INFINITY, wholeSinceMs: Number.POSITIVE_INFINITY };
  const looks = looksOf(data, { capacity, note: null });
  return { ...always, lend: lendEngine(place), folder: out, looks, draw: drawHere, alone: (_, use) => use() };
}
