// Process groups of programs that were started in sessions of their own: no Ctrl-C reaches them, so a signal that ends this
// process ends them first. Only SIGKILL leaves them behind; they then end when they write to the pipe that nobody reads.

const endingSignals = ['SIGHUP', 'SIGINT', 'SIGTERM'] as const;

/** Groups under way, by the process id of their leader. */
const groups = new Set<number>();

/** Sends a signal to all of a group, if there still is one. */
export function signalGroup(leader: number | undefined, signal: NodeJS.Signals): void {
  if (leader === undefined) return;
  try {
    process.kill(-leader, signal);
  } catch {
    // It is gone already, or another user's: nothing more can be done here.
  }
}

/** Runs `use` while the group of `leader` is ended with this process, whatever signal ends it. */
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

/** Ends all groups that are under way: for a process that stops its work without a signal of its own to end it. */
export function endGroups(): void {
  for (const leader of groups) signalGroup(leader, 'SIGKILL');
}

/** Ends the groups; then the signal does what it would have done, unless somebody else minds it. */
function endAll(signal: NodeJS.Signals): void {
  endGroups();
  if (process.listenerCount(signal) > 1) return;
  letGo();
  process.kill(process.pid, signal);
}

function letGo(): void {
  for (const signal of endingSignals) process.off(signal, endAll);
}
