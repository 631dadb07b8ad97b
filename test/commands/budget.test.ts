// `collect --budget`: a cycle stops drawing when its processor time is spent, and the next cycles draw the rest. The time is
// simulated: it advances by a tenth of a second whenever the program reads it.

import { join } from 'node:path';
import { expect, test } from 'vitest';
import { graphTypes, periods, stackTypes } from '../../src/render/define/graph-request.js';
import { listArchives } from './answers.js';
import { printingStep } from './fakes.js';
import { filesBelow, run, scratch, untilAfter } from './program.js';

const newFolder = scratch();

const counter = `
let asked = 0;
process.cpuUsage = () => ({ user: 1e5 * asked++, system: 0 });`;

test('a cycle draws as far as its budget allows, the stacks of the day first, and the next cycles draw the rest', async () => {
  const data = newFolder();
  const env = { NODE_OPTIONS: `--import=data:text/javascript,${encodeURIComponent(counter)}` };
  const all = Object.keys(periods).length * (stackTypes.length + 5 * graphTypes.length);
  const drawn: number[] = [];
  for (let cycle = 0; (drawn.at(-1) ?? 0) < all && cycle < 12; cycle += 1) {
    const args = ['collect', '--data', data, '--budget', '4', '--ipvsadm', printingStep('sequence/003-traffic')];
    expect(await run(args, { env })).toMatchObject({ status: 0, stderr: '' });
    const pictures = filesBelow(join(data, 'graphs')).filter((file) => file.endsWith('.png'));
    if (cycle === 0) for (const type of stackTypes) expect(pictures).toContain(`day/all-${type}.png`);
    drawn.push(pictures.length);
    await untilAfter((await listArchives(data))[0]?.last ?? 0);
  }
  const [first = 0, second = 0] = drawn;
  expect(first).toBeLessThan(all);
  expect(second).toBeGreaterThan(first);
  expect(drawn.at(-1)).toBe(all);
});
