// rrdcached(1), the daemon that gathers updates and writes them later. One line per command; an answer is a line that begins with a status
// (negative: an error; else the number of lines that follow). It runs on a socket of our own, in the foreground, and ends with us.

import { type ChildProcess, spawn } from 'node:child_process';
import { createConnection, type Socket } from 'node:net';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';

/** Seconds allowed until it listens. */
const startTimeoutS = 10;

/** Seconds allowed to write the updates of a cycle. */
const flushTimeoutS = 60;

/** The answers still expected for some commands. */
interface Waiting {
  answersLeft: number;
  /** Lines left of the last answer. */
  linesLeft: number;
  readonly lines: string[];
  readonly done: (lines: readonly string[]) => void;
  readonly failed: (error: Error) => void;
}

/** A running rrdcached, and a connection to it. */
export class Rrdcached {
  readonly #process: ChildProcess;
  readonly #socket: Socket;
  /** The incomplete last line. */
  #line = '';
  #waiting: Waiting | null = null;
  #written = 0;

  private constructor(process: ChildProcess, socket: Socket) {
    this.#process = process;
    this.#socket = socket;
    socket.setEncoding('latin1').on('data', (text: string) => this.#take(text));
    socket.on('close', () => this.#waiting?.failed(new Error('rrdcached ended before it had answered')));
  }

  /** Starts it for the files of a folder; during the benchmark it writes nothing by itself. */
  static async start(folder: string): Promise<Rrdcached> {
    const path = join(folder, 'rrdcached.sock');
    const limits = ['-w', '86400', '-f', '172800'];
    const args = ['-g', '-l', `unix:${path}`, '-b', folder, '-p', join(folder, 'rrdcached.pid'), ...limits];
    const child = spawn('rrdcached', args, { stdio: 'ignore' });
    process.prependOnceListener('exit', () => child.kill('SIGKILL'));
    const untilMs = performance.now() + startTimeoutS * 1000;
    while (performance.now() < untilMs && child.exitCode === null) {
      const socket = await connect(path);
      if (socket !== null) return new Rrdcached(child, socket);
      await sleep(20);
    }
    child.kill('SIGKILL');
    throw new Error(`rrdcached does not listen on ${path} after ${startTimeoutS} s`);
  }

  /** Hands over updates, `FILE TIME:VALUE:…` each. */
  async update(updates: readonly string[]): Promise<void> {
    const lines = updates.map((update) => `UPDATE ${update}`);
    // Two answers: "go ahead", and the number of failures in the batch.
    const answer = await this.#ask(['BATCH', ...lines, '.'], 2);
    if (!answer.includes('0 errors')) throw new Error(`rrdcached: ${answer.join('\n')}`);
  }

  /**
   * Flushes the updates for some files, one each, with all its threads, and returns when they are written. FLUSH does not wait for a write
   * in progress, so this polls the number of written updates.
   */
  async flush(files: readonly string[]): Promise<void> {
    this.#written += files.length;
    await this.#ask(['FLUSHALL', ...files.map((file) => `FLUSH ${file}`)], files.length + 1);
    const untilMs = performance.now() + flushTimeoutS * 1000;
    while ((await this.#updatesWritten()) < this.#written) {
      if (performance.now() > untilMs) throw new Error(`rrdcached has not written all files after ${flushTimeoutS} s`);
      await sleep(0);
    }
  }

  async #updatesWritten(): Promise<number> {
    const line = (await this.#ask(['STATS'], 1)).find((text) => text.startsWith('UpdatesWritten: '));
    return Number(line?.split(' ')[1]);
  }

  /** Ends it. */
  async close(): Promise<void> {
    this.#socket.destroy();
    const ended = new Promise((done) => this.#process.once('exit', done));
    this.#process.kill('SIGTERM');
    await ended;
  }

  #ask(lines: readonly string[], answers: number): Promise<readonly string[]> {
    return new Promise((done, failed) => {
      this.#waiting = { answersLeft: answers, linesLeft: 0, lines: [], done, failed };
      this.#socket.write(`${lines.join('\n')}\n`);
    });
  }

  #take(text: string): void {
    const lines = (this.#line + text).split('\n');
    this.#line = lines.pop() ?? '';
    const waiting = this.#waiting;
    if (waiting === null) return;
    for (const line of lines) {
      if (line.startsWith('-')) waiting.failed(new Error(`rrdcached: ${line}`));
      waiting.lines.push(line);
      if (waiting.linesLeft > 0) waiting.linesLeft -= 1;
      else {
        waiting.linesLeft = Number.parseInt(line, 10);
        waiting.answersLeft -= 1;
      }
    }
    if (waiting.answersLeft === 0 && waiting.linesLeft === 0) waiting.done(waiting.lines);
  }
}

function connect(path: string): Promise<Socket | null> {
  return new Promise((done) => {
    const socket = createConnection(path);
    socket.once('connect', () => done(socket));
    socket.once('error', () => done(null));
  });
}
