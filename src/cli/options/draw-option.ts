// `--draw`: which standing pictures a cycle keeps current.

import { type Command, Option } from 'commander';

/** All of them; the stacks, the new ones and those that somebody views; or none. */
export const drawnPictureChoices = ['all', 'looked-at', 'none'] as const;

/** One of the choices. */
export type DrawnPictures = (typeof drawnPictureChoices)[number];

/** The option of commands that collect, and of those that examine them. */
export function drawOption(): Option {
  return new Option('--draw <pictures>', 'pictures to keep current: of everything, or of what somebody looks at')
    .choices(drawnPictureChoices)
    .default('all');
}

/** The pictures to keep current, as `--draw` or its older spelling `--no-pictures` says; ends the program if they contradict each other. */
export function drawnPictures(
  { draw, pictures }: { readonly draw: DrawnPictures; readonly pictures: boolean },
  command: Command,
): DrawnPictures {
  if (pictures) return draw;
  if (draw !== 'none' && command.getOptionValueSource('draw') === 'cli') {
    command.error(`error: --no-pictures means --draw none, but --draw ${draw} was given: leave out one of them`, {
      exitCode: 2,
    });
  }
  return 'none';
}
