// `lvs-stats picture`: the path of one standing picture, which is drawn first if it is missing or older than its data.

import { type Command, Option } from 'commander';
import { workAsOwner } from '../cli/owner.js';
import { addPolicyOption, readPolicy } from '../cli/policy/policy-file.js';
import { lowerPriority } from '../cli/priority.js';
import { addCommand, print, say } from '../cli/settings.js';
import { aloneIn, studioOf } from '../drawing/pictures.js';
import { resolveName } from '../model/names/parse-name.js';
import { periods } from '../render/define/graph-request.js';
import { pictureOnRequest } from '../render/files/picture-on-request.js';
import { drawHere } from '../render/png/draw-pool.js';

interface PictureOptions {
  readonly data: string;
  readonly period: string;
  readonly policy?: string;
}

const help = `
A cycle leaves pictures beyond its budget undrawn. This command draws one of them on request.

Examples:
  lvs-stats picture 192.0.2.1:80 traffic
  lvs-stats picture all cps --period year`;

/** Adds the command. */
export function addPicture(program: Command): void {
  const command = addCommand(program, 'picture <name> <type>', {
    group: 'Look',
    description: 'Prints the path of a picture, which is redrawn first if it is out of date.',
  });
  addPolicyOption(command)
    .addOption(new Option('--period <period>', 'period of the picture').choices(Object.keys(periods)).default('day'))
    .addHelpText('after', help)
    .action(async (name: string, type: string, { data, period, policy: file }: PictureOptions) => {
      workAsOwner(data);
      lowerPriority();
      const { policy, problem } = await readPolicy(file, () => Date.now() / 1000, 'without-topology');
      if (problem !== null) say(problem.text, { level: 'error', code: 'bad-config' });
      const studio = { ...studioOf(data, policy.capacity), draw: drawHere, alone: aloneIn(data) };
      print(await pictureOnRequest(studio, { name: resolveName(name), type, period }));
    });
}
