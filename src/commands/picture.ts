// `lvs-stats picture`: the path of one standing picture, drawn now if it is missing or older than its data.

import { type Command, Option } from 'commander';
import { resolveName } from '../model/parse-name.js';
import { drawHere } from '../render/draw-pool.js';
import { periods } from '../render/graph-request.js';
import { pictureOnRequest } from '../render/picture-on-request.js';
import { workAsOwner } from './owner.js';
import { aloneIn, studioOf } from './pictures.js';
import { lowerPriority } from './priority.js';
import { addCommand, print } from './settings.js';

interface PictureOptions {
  readonly data: string;
  readonly period: string;
}

const help = `
What a cycle does not draw within its budget is drawn when it is asked for: by this command, one picture at a time.

Examples:
  lvs-stats picture 192.0.2.1:80 traffic
  lvs-stats picture all cps --period year`;

/** Adds the command. */
export function addPicture(program: Command): void {
  addCommand(program, 'picture <name> <type>', {
    group: 'Look',
    description: 'Prints the path of a picture, drawn if it is older than its data.',
  })
    .addOption(new Option('--period <period>', 'what it shows').choices(Object.keys(periods)).default('day'))
    .addHelpText('after', help)
    .action(async (name: string, type: string, { data, period }: PictureOptions) => {
      workAsOwner(data);
      lowerPriority();
      const studio = { ...studioOf(data), draw: drawHere, alone: aloneIn(data) };
      print(await pictureOnRequest(studio, { name: resolveName(name), type, period }));
    });
}
