// The machine of a run: processor, memory, disk, and the versions of the programs compared.

import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { availableParallelism, cpus, loadavg, release, totalmem } from 'node:os';
import { resolve } from 'node:path';

/** The machine as one line, and the versions as another. */
export function describeMachine(scratch: string): readonly string[] {
  const processor = `${availableParallelism()} processors (${cpus()[0]?.model.trim() ?? 'unknown'})`;
  const memory = `${(totalmem() / 2 ** 30).toFixed(0)} GiB`;
  const fileSystem = firstLine('stat', ['-f', '-c', '%T', scratch]) ?? 'an unknown file system';
  const load = (loadavg()[0] ?? 0).toFixed(1);
  return [
    `${processor}, ${memory}, scratch files on ${fileSystem}, Linux ${release()}, load at the start ${load}`,
    [`Node.js ${process.version}`, ...dependencies(), rrdtoolVersion()].join(', '),
  ];
}

function dependencies(): readonly string[] {
  return ['level', 'classic-level', 'chart.js', '@napi-rs/canvas'].map((name) => `${name} ${versionOf(name)}`);
}

function versionOf(name: string): string {
  const text = readFileSync(resolve(import.meta.dirname, '../node_modules', name, 'package.json'), 'utf8');
  return /"version":\s*"([^"]+)"/.exec(text)?.[1] ?? 'of unknown version';
}

function rrdtoolVersion(): string {
  const line = firstLine('rrdtool', ['--version']);
  return line === null ? 'no rrdtool' : `rrdtool ${/\d[\d.]*/.exec(line)?.[0] ?? line}`;
}

function firstLine(program: string, args: readonly string[]): string | null {
  const { stdout, status } = spawnSync(program, args, { encoding: 'utf8' });
  return status === 0 ? (stdout.split('\n')[0] ?? null) : null;
}
