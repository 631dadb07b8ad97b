// `lvs-stats completion`: descriptions of the commands for bash, zsh and man.

import { Argument, type Command } from 'commander';
import { treeOf } from '../cli/manual/command-tree.js';
import { formatManPage } from '../cli/manual/man-page.js';
import { formatBash, formatZsh } from '../cli/manual/shell-completion.js';
import { addCommand, packageVersion } from '../cli/settings.js';

const help = `
  lvs-stats completion bash > /etc/bash_completion.d/lvs-stats
  lvs-stats completion zsh > /usr/local/share/zsh/site-functions/_lvs-stats
  lvs-stats completion man > /usr/local/share/man/man1/lvs-stats.1   (npm install -g puts it there by itself)`;

/** Adds the command; `whole` makes the program with all its commands. */
export function addCompletion(program: Command, whole: () => Promise<Command>): void {
  addCommand(program, 'completion', {
    group: 'Maintain',
    description: 'Prints the completion for a shell, or the manual page.',
  })
    .addArgument(new Argument('<for>', 'bash, zsh, or man').choices(['bash', 'zsh', 'man']))
    .addHelpText('after', help)
    .action(async (kind: 'bash' | 'zsh' | 'man') => {
      const tree = treeOf(await whole());
      const text = { bash: formatBash, zsh: formatZsh, man: manPage }[kind](tree);
      process.stdout.write(text);
    });
}

function manPage(tree: ReturnType<typeof treeOf>): string {
  return formatManPage(tree, packageVersion());
}
