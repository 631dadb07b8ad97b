// The terminal of a program that fills the screen: the alternate screen without a cursor, and keys as they are pressed. The terminal is as it
// was before whenever the process ends, however that happens, and while it is stopped (Ctrl-Z). Control sequences: xterm's ctlseqs.

import type { ReadStream, WriteStream } from 'node:tty';

/** The events of a screen. */
export interface ScreenEvents {
  /** A key: a character, or `up`, `down`, `pageup`, `pagedown`, `home`, `end`. */
  readonly onKey: (key: string) => void;
  /** The window has another size, or the process continues after a stop: draw again. */
  readonly onRedraw: () => void;
  /** Ctrl-C. */
  readonly onInterrupt: () => void;
}

/** A screen in use. */
export interface Screen {
  /** Replaces everything on the screen. */
  draw(lines: readonly string[]): void;
  /** Gives the terminal back. */
  close(): void;
}

const enter = '\u001b[?1049h\u001b[?25l\u001b[?7l';
const leave = '\u001b[?7h\u001b[?25h\u001b[?1049l';

/** Keys that are sequences. */
const sequences: Readonly<Record<string, string>> = {
  '\u001b[A': 'up',
  '\u001bOA': 'up',
  '\u001b[B': 'down',
  '\u001bOB': 'down',
  '\u001b[5~': 'pageup',
  '\u001b[6~': 'pagedown',
  '\u001b[H': 'home',
  '\u001b[1~': 'home',
  '\u001b[F': 'end',
  '\u001b[4~': 'end',
};

// biome-ignore lint/suspicious/noControlCharactersInRegex: keys begin with an escape
const keyPattern = /\u001b(?:\[[0-9;]*[A-Za-z~]|O[A-Z])?|[^\u001b]/gu;

const [interrupt, suspend] = ['\u0003', '\u001a'];

/** Takes the terminal. Without a terminal to read from there are no keys. */
export function openScreen(input: ReadStream | null, output: WriteStream, events: ScreenEvents): Screen {
  let isOpen = false;
  const take = (): void => {
    isOpen = true;
    output.write(enter);
    input?.setRawMode(true);
  };
  const giveBack = (): void => {
    if (!isOpen) return;
    isOpen = false;
    if (input?.destroyed === false) input.setRawMode(false);
    output.write(leave);
  };
  const stop = (): void => {
    giveBack();
    // The signal's own action, which a listener replaces.
    process.kill(process.pid, 'SIGSTOP');
  };
  const resume = (): void => {
    if (!isOpen) take();
    events.onRedraw();
  };
  const onData = (data: Buffer): void => {
    for (const [key] of data.toString().matchAll(keyPattern)) {
      if (key === interrupt) events.onInterrupt();
      else if (key === suspend) stop();
      else events.onKey(sequences[key] ?? key);
    }
  };
  process.on('exit', giveBack).on('SIGTSTP', stop).on('SIGCONT', resume);
  output.on('resize', events.onRedraw);
  input?.on('data', onData);
  take();
  return {
    draw: (lines) => {
      if (isOpen) output.write(`\u001b[H${lines.map((line) => `${line}\u001b[K`).join('\r\n')}\u001b[J`);
    },
    close: () => {
      process.off('exit', giveBack).off('SIGTSTP', stop).off('SIGCONT', resume);
      output.off('resize', events.onRedraw);
      input?.off('data', onData).pause();
      giveBack();
    },
  };
}
