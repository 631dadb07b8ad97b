// rrdtool in its command mode (`rrdtool -`): a line in; out comes an answer that ends with "OK u:0.12 s:0.01 r:0.14", the processor and
// wall time since its start.

import { type ChildProcessWithoutNullStreams, spawn, spawnSync } from 'node:child_process';
import { ipvsDataSources } from '../src/model/archive.js';
import { createCommand } from '../test/store/rrdtool.js';

export { createCommand };

/** Is a program installed? */
export function isThere(program: string): boolean {
  return spawnSync(program, ['-h']).error === undefined;
}

/** rrdtool's answers to some commands, and the seconds of processor time they took. */
export interface Answer {
  readonly text: string;
  readonly processorS: number;
}

interface Waiting {
  answersLeft: number;
  readonly chunks: string[];
  readonly done: (text: string) => void;
  readonly failed: (error: Error) => void;
}

/** A running rrdtool. */
export class Rrdtool {
  readonly #process: ChildProcessWithoutNullStreams = spawn('rrdtool', ['-']);
  #waiting: Waiting | null = null;
  /** The incomplete last line. */
  #line = '';
  #processorS = 0;

  constructor() {
    this.#process.stdout.setEncoding('latin1').on('data', (text: string) => this.#take(text));
    this.#process.on('close', () => this.#waiting?.failed(new Error('rrdtool ended before it had answered')));
  }

  /** Runs commands, one after the other; throws rrdtool's first error. */
  async run(commands: readonly string[]): Promise<Answer> {
    const before = this.#processorS;
    const text = await new Promise<string>((done, failed) => {
      this.#waiting = { answersLeft: commands.length, chunks: [], done, failed };
      this.#process.stdin.write(`${commands.join('\n')}\n`);
    });
    return { text, processorS: this.#processorS - before };
  }

  /** Ends it. */
  close(): void {
    this.#process.stdin.end('quit\n');
  }

  #take(text: string): void {
    const waiting = this.#waiting;
    if (waiting === null) return;
    waiting.chunks.push(text);
    const lines = this.#line + text;
    const wholeLength = lines.lastIndexOf('\n') + 1;
    this.#line = lines.slice(wholeLength);
    for (const [line, user, system] of lines
      .slice(0, wholeLength)
      .matchAll(/^(?:OK u:([\d.]+) s:([\d.]+)|ERROR.*)/gm)) {
      if (user === undefined) {
        this.#end(() => waiting.failed(new Error(`rrdtool: ${line}`)));
        return;
      }
      this.#processorS = Number(user) + Number(system);
      waiting.answersLeft -= 1;
    }
    if (waiting.answersLeft === 0) this.#end(() => waiting.done(waiting.chunks.join('')));
  }

  #end(settle: () => void): void {
    this.#waiting = null;
    settle();
  }
}

/** Lends an rrdtool. */
export async function withRrdtool<T>(use: (rrdtool: Rrdtool) => Promise<T>): Promise<T> {
  const rrdtool = new Rrdtool();
  try {
    return await use(rrdtool);
  } finally {
    rrdtool.close();
  }
}

/** Feeds readings into an `.rrd`: counters for rrdtool, rebuilt from the growth in the archives. */
export class RrdFeed {
  readonly #file: string;
  readonly #sums = ipvsDataSources.map(() => 0);

  constructor(file: string) {
    this.#file = file;
  }

  /** `TIME:VALUE:…` of the next reading. */
  update(timeS: number, values: Iterable<number>): string {
    const fields = Array.from(values, (value, i) => {
      if (ipvsDataSources[i]?.kind === 'GAUGE') return Number.isNaN(value) ? 'U' : value;
      // A counter that falls makes only this interval unknown, like our growth; "U" would also make the next one unknown.
      const sum = (this.#sums[i] ?? 0) + (Number.isNaN(value) ? -1 : value);
      this.#sums[i] = sum;
      return sum;
    });
    return [timeS, ...fields].join(':');
  }

  /** The commands that load updates, many in each. */
  commands(updates: readonly string[]): string[] {
    const perCommand = 200;
    return Array.from({ length: Math.ceil(updates.length / perCommand) }, (_, i) =>
      ['update', this.#file, ...updates.slice(i * perCommand, (i + 1) * perCommand)].join(' '),
    );
  }
}
