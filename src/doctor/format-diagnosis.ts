// Formats a diagnosis as plain text for a terminal or a mail: a line per check, its remedy below, and a sentence at the end.
//
//   ok       Node.js      v20.20.2
//   problem  module       ip_vs is not loaded: there is no /proc/net/ip_vs
//                         -> it is loaded with the first service …
//
//   1 problem; the lines marked "problem" keep lvs-stats from working.

import { visibleLine } from '../model/text/visible.js';
import type { Check, CheckState } from './check.js';

/** Columns at which findings wrap; remedies do not wrap, since they hold commands to copy. */
const widthColumns = 100;

/** The checks as lines, each with its line end. */
export function formatDiagnosis(checks: readonly Check[]): string {
  const nameColumns = Math.max(...checks.map(({ name }) => name.length));
  const indent = ' '.repeat('problem'.length + nameColumns + 4);
  const lines = checks.flatMap(({ name, state, finding, remedy }) => {
    const [first = '', ...more] = wrap(visibleLine(finding), widthColumns - indent.length);
    const steps =
      remedy === null ? [] : remedy.split('\n').map((step, index) => `${index === 0 ? '->' : '  '} ${step}`);
    return [
      `${state.padEnd('problem'.length)}  ${name.padEnd(nameColumns)}  ${first}`,
      ...[...more, ...steps].map((line) => indent + line),
    ];
  });
  return `${[...lines, '', summary(checks)].join('\n')}\n`;
}

function summary(checks: readonly Check[]): string {
  const count = (state: CheckState) => checks.filter((check) => check.state === state).length;
  const [problems, warnings] = [count('problem'), count('warning')];
  const parts = [plural(problems, 'problem'), plural(warnings, 'warning')].filter((part) => part !== null);
  if (parts.length === 0) return 'Nothing is missing.';
  if (problems === 0) return `${parts.join(', ')}; nothing keeps lvs-stats from working.`;
  return `${parts.join(', ')}; the lines marked "problem" keep lvs-stats from working.`;
}

function plural(count: number, noun: string): string | null {
  return count === 0 ? null : `${count} ${noun}${count === 1 ? '' : 's'}`;
}

function wrap(text: string, width: number): readonly string[] {
  const lines: string[] = [];
  let line = '';
  for (const word of text.split(' ')) {
    if (line !== '' && line.length + 1 + word.length > width) {
      lines.push(line);
      line = word;
    } else line = line === '' ? word : `${line} ${word}`;
  }
  return [...lines, line];
}
