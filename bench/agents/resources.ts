// The resources of a process, as the kernel counts them (proc_pid_stat(5), proc_pid_status(5)).

import { readFileSync } from 'node:fs';

/** The clock of processor time counts in 10 ms. */
const tickMs = 10;

/** Milliseconds of processor time of a process so far, all threads. */
export function processorMsOf(pid: number): number {
  const fields = readFileSync(`/proc/${pid}/stat`, 'latin1').split(') ').at(-1)?.split(' ') ?? [];
  return (Number(fields[11]) + Number(fields[12])) * tickMs;
}

/** The peak of its resident memory, bytes. */
export function peakBytesOf(pid: number): number {
  return statusBytes(pid, /VmHWM:\s*(\d+) kB/);
}

/** Its resident memory now, bytes. */
export function residentBytesOf(pid: number): number {
  return statusBytes(pid, /VmRSS:\s*(\d+) kB/);
}

function statusBytes(pid: number, line: RegExp): number {
  const [, kib] = line.exec(readFileSync(`/proc/${pid}/status`, 'latin1')) ?? [];
  return Number(kib) * 1024;
}
