// Process groups of programs that run in sessions of their own. Ctrl-C does not reach them, so a signal that ends this process ends them
// first. Only SIGKILL leaves them behind; they then end when they write to the pipe that nobody reads.

const endingSignals = ['SIGHUP', 'SIGINT', 'SIGTERM'] as const;

/** Running groups, by the process id of their leader. */
const groups = new Set<number>();

/** Sends a signal to a whole group, if it still exists. */
export function signalGroup(leader: number | undefined, signal: NodeJS.Signals): void {
  if (leader === undefined) return;
  try {
    process.kill(-leader, signal);
  } catch {
    // It is gone already, or belongs to another user: nothing more can be done here.
  }
}

/** Runs `use`; meanwhile the group of `leader` ends with this process, whatever signal ends it. */
export async function withGroup<T>(leader: number | undefined, use: () => Promise<T>): Promise<T> {
  if (leader === undefined) return use();
  if (groups.size === 0) for (const signal of endingSignals) process.on(signal, endAll);
  groups.add(leader);
  try {
    return await use();
  } finally {
    groups.delete(leader);
    if (groups.size === 0) letGo();
  }
}

/** Ends all running groups: for a process that stops its work without a signal. */
export function endGroups(): void {
  for (const leader of groups) signalGroup(leader, 'SIGKILL');
}

/** Ends the groups; then the signal has its usual effect, unless another listener handles it. */
function endAll(signal: NodeJS.Signals): void {
  endGroups();
  if (process.listenerCount(signal) > 1) return;
  letGo();
  process.kill(process.pid, signal);
}

function letGo(): void {
  for (const signal of endingSignals) process.off(signal, endAll);
}
