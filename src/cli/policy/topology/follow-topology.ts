// The topology while a command runs. A file is read again when it changes; a command runs again every five minutes, and beside the work, so
// that one that hangs holds up nothing. The last good topology stays in force.

import { noTopology, type Topology } from '../../../model/topology/topology.js';
import { UserError } from '../../../model/user-error.js';
import { readConfiguration } from '../../configure.js';
import { followed } from '../../options/followed-file.js';
import { parseTopology } from './parse-topology.js';
import { commandText, refuseOthersCommand, runCommand } from './run-command.js';
import type { TopologySource } from './topology-form.js';

/** The topology in force, and why that is not the stated one; null if it is. */
export interface TopologyState {
  readonly topology: Topology;
  readonly problem: string | null;
}

/** Follows topologies, of which the policy names one at a time. */
export interface TopologyFollower {
  readonly current: (source: TopologySource | null) => TopologyState;
  /** Resolves when no command is running. */
  readonly settled: () => Promise<void>;
}

const maxBytes = 2 ** 24;

/** Seconds after which a command runs again. */
const againS = 300;

const none: TopologyState = { topology: noTopology, problem: null };

/** A file or a command that stays the same is not read again because another part of the policy changed. */
function isSame(a: TopologySource | null, b: TopologySource | null): boolean {
  if (a === null || b === null || a.kind === 'list' || b.kind === 'list') return a === b;
  return JSON.stringify(a) === JSON.stringify(b);
}

/** Follows the topology of a policy file; `nowS` is the clock. */
export function followTopology(policyFile: string, nowS: () => number): TopologyFollower {
  let source: TopologySource | null = null;
  let state = none;
  let read: (() => TopologyState) | null = null;
  let running: Promise<void> | null = null;
  const readerOf = (named: TopologySource): (() => TopologyState) => {
    const { topology } = state;
    if (named.kind === 'list') {
      const listed = { topology: named.topology, problem: null };
      return () => listed;
    }
    if (named.kind === 'file') return followFile(named.file, topology);
    const command = followCommand(named.words, { policyFile, nowS, topology });
    return () => {
      const seen = command();
      running = seen.running;
      return seen.state;
    };
  };
  return {
    current: (named) => {
      if (!isSame(named, source)) read = named === null ? null : readerOf(named);
      source = named;
      state = read?.() ?? none;
      return state;
    },
    settled: async () => running ?? undefined,
  };
}

function followFile(file: string, before: Topology): () => TopologyState {
  return followed<TopologyState>(file, (previous) => {
    const last = previous?.topology ?? before;
    return outcomeOf(last, () =>
      parseTopology(
        readConfiguration(file, { maxBytes, what: 'the topology', option: '"topology" of the policy' }),
        file,
      ),
    );
  });
}

function outcomeOf(
  last: Topology,
  read: () => Topology,
): { readonly value: TopologyState; readonly isSettled: boolean } {
  try {
    return { value: { topology: read(), problem: null }, isSettled: true };
  } catch (error) {
    return { value: failed(last, error), isSettled: false };
  }
}

function failed(topology: Topology, error: unknown): TopologyState {
  if (!(error instanceof UserError)) throw error;
  const inForce = topology.hosts.length === 0 ? 'no topology' : 'the topology before that';
  return { topology, problem: `${error.message}; ${inForce} is in force` };
}

interface CommandGround {
  readonly policyFile: string;
  readonly nowS: () => number;
  readonly topology: Topology;
}

interface CommandState {
  readonly state: TopologyState;
  readonly running: Promise<void> | null;
}

function followCommand(words: readonly string[], { policyFile, nowS, topology }: CommandGround): () => CommandState {
  let state: TopologyState = { topology, problem: null };
  let running: Promise<void> | null = null;
  let startedS = Number.NEGATIVE_INFINITY;
  const run = async (): Promise<void> => {
    try {
      refuseOthersCommand(policyFile);
      const text = await runCommand(words);
      state = { topology: parseTopology(text, commandText(words)), problem: null };
    } catch (error) {
      state = failed(state.topology, error);
    } finally {
      running = null;
    }
  };
  return () => {
    const now = nowS();
    // A clock that was set back must not stop it.
    if (running === null && !(now >= startedS && now - startedS < againS)) {
      startedS = now;
      running = run();
    }
    return { state, running };
  };
}
