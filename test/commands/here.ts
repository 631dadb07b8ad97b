// The built program in this process, one command at a time: for commands that only prepare a data folder, and for the second and
// the hundredth of one kind.
// Starting Node takes ten times as long as they work. What a signal, a lock or an exit status does to a process, only a process shows.

import { fileURLToPath } from 'node:url';
import { loadProgram } from '../../build/keep-code.js';
import { environment, type Run, type RunOptions } from './program.js';

let main: ReturnType<typeof loadProgram> | null = null;
let turn: Promise<unknown> = Promise.resolve();

/** Runs `lvs-stats` with arguments and, besides the environment of programs, these variables; TZ has no effect. */
export function runHere(args: readonly string[], { env = {} }: Pick<RunOptions, 'env'> = {}): Promise<Run> {
  const own = turn.then(() => runAlone(args, env));
  turn = own.catch(() => {});
  return own;
}

/** Runs `lvs-stats` and returns its standard output; throws unless it succeeds silently. */
export async function succeedHere(...args: readonly string[]): Promise<string> {
  const { status, stdout, stderr } = await runHere(args);
  if (status === 0 && stderr === '') return stdout;
  throw new Error(`lvs-stats ${args.join(' ')} ended with ${status}: ${stderr}`);
}

async function runAlone(args: readonly string[], env: Readonly<Record<string, string>>): Promise<Run> {
  main ??= loadProgram(fileURLToPath(new URL('../../dist/bundle', import.meta.url)));
  const [before, exitCode] = [process.env, process.exitCode];
  const outputs = [process.stdout, process.stderr].map(captured);
  process.env = { ...environment(), ...env };
  process.exitCode = undefined;
  try {
    await main(args);
    const [stdout = '', stderr = ''] = outputs.map(({ text }) => text());
    return { status: Number(process.exitCode ?? 0), stdout, stderr };
  } finally {
    process.env = before;
    process.exitCode = exitCode;
    for (const { release } of outputs) release();
  }
}

/** Keeps what is written to a stream, until it is released. */
function captured(stream: NodeJS.WriteStream): { readonly text: () => string; readonly release: () => void } {
  const [write, listeners] = [stream.write, new Set(stream.listeners('error'))];
  let text = '';
  stream.write = (chunk: Uint8Array | string) => {
    text += typeof chunk === 'string' ? chunk : Buffer.from(chunk).toString();
    return true;
  };
  const release = (): void => {
    stream.write = write;
    for (const listener of stream.listeners('error')) {
      if (!listeners.has(listener)) stream.off('error', listener as () => void);
    }
  };
  return { text: () => text, release };
}
