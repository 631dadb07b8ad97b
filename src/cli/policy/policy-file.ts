// The policy's file (`--policy`) while a command runs. A file that cannot be read or is wrong stops nothing, since a director must be watched
// even so: the policy before it stays in force, and that is a finding.

import { existsSync, statSync } from 'node:fs';
import { resolve } from 'node:path';
import { type Command, InvalidArgumentError, Option } from 'commander';
import { writerBesideRoot } from '../../files/writer.js';
import { noPolicyFile, type Policy, type PolicyState, standardPolicy } from '../../model/policy/policy.js';
import { UserError } from '../../model/user-error.js';
import { readConfiguration } from '../configure.js';
import { say } from '../log.js';
import { followed } from '../options/followed-file.js';
import type { TopologyFollower, TopologyState } from './topology/follow-topology.js';
import type { TopologySource } from './topology/topology-form.js';

/** The file unless `--policy` names another. */
const defaultPolicyFile = '/etc/lvs-stats/policy.yaml';

/** Adds the option that names the file. */
export function addPolicyOption(command: Command): Command {
  return command.addOption(
    new Option(
      '--policy <file>',
      `thresholds, capacities, topology, silences and probes (default: ${defaultPolicyFile}, if there is one)`,
    ).argParser(parseFile),
  );
}

function parseFile(text: string): string {
  if (text === '') throw new InvalidArgumentError('Name a file.');
  return text;
}

/** Whether a command needs the topology: reading it may run a command. */
export type TopologyNeed = 'with-topology' | 'without-topology';

/** The policy for a command that does one thing and ends. */
export async function readPolicy(
  named: string | undefined,
  nowS: () => number,
  need: TopologyNeed = 'with-topology',
): Promise<PolicyState> {
  // The parser of YAML is loaded only where there is something to parse.
  if (named === undefined && !existsSync(defaultPolicyFile)) return noPolicyFile;
  return (await followPolicy(named, nowS, need))();
}

/**
 * A function that returns the policy in force, read again after a change of the file or of its topology. `named` is the file of the option;
 * without it, the default one may be missing.
 */
export async function followPolicy(
  named: string | undefined,
  nowS: () => number,
  need: TopologyNeed = 'with-topology',
): Promise<() => PolicyState> {
  const file = resolve(named ?? defaultPolicyFile);
  const { parsePolicy } = await import('./parse-policy.js');
  const { followTopology } = await import('./topology/follow-topology.js');
  const policyOfFile = followed<FileState>(file, (previous) => {
    try {
      if (named === undefined && !existsSync(file)) return { value: noFile, isSettled: true };
      const text = readConfiguration(file, { maxBytes, what: 'the policy', option: '--policy' });
      const parsed = parsePolicy(text, file);
      refuseForeignProbes(parsed.policy, file);
      return { value: { ...parsed, problem: null }, isSettled: true };
    } catch (error) {
      if (!(error instanceof UserError)) throw error;
      const { policy, topology, problem } = previous ?? noFile;
      const inForce = policy === standardPolicy ? 'the standard policy' : 'the policy before that';
      const text = `${error.message}; ${inForce} is in force`;
      const sinceS = problem?.sinceS ?? changedS(file) ?? Math.floor(nowS());
      return { value: { policy, topology, problem: { sinceS, text } }, isSettled: false };
    }
  });
  if (need === 'without-topology') return policyOfFile;
  const follower = followTopology(file, nowS);
  const current = withTopology(policyOfFile, follower, nowS);
  current();
  await follower.settled();
  return current;
}

/** The policy of a file, and where it says that the topology is. */
interface FileState extends PolicyState {
  readonly topology: TopologySource | null;
}

const noFile: FileState = { ...noPolicyFile, topology: null };

/** The policy with its topology; the same object until one of them changes. */
function withTopology(ofFile: () => FileState, { current }: TopologyFollower, nowS: () => number): () => PolicyState {
  let known: { readonly file: FileState; readonly topology: TopologyState; readonly state: PolicyState } | null = null;
  return () => {
    const file = ofFile();
    const topology = current(file.topology);
    if (known !== null && known.file === file && known.topology === topology) return known.state;
    const before = known?.state.problem ?? null;
    const own = topology.problem;
    const problem = own === null ? null : { sinceS: before?.sinceS ?? Math.floor(nowS()), text: own };
    const isPlain = topology.topology === file.policy.topology;
    const policy = isPlain ? file.policy : { ...file.policy, topology: topology.topology };
    known = { file, topology, state: { policy, problem: file.problem ?? problem } };
    return known.state;
  };
}

/** Throws a `UserError` if root would run probes that another user can write. */
function refuseForeignProbes(policy: Policy, file: string): void {
  const writer = policy.probes.length === 0 || process.getuid?.() !== 0 ? null : writerBesideRoot(file);
  if (writer === null) return;
  const why = `${file} defines probes, which root would run, but ${writer} can change it`;
  throw new UserError('bad-config', `${why}: let only root write the file and the folders above it`);
}

/** Some hundred thousand entries. */
const maxBytes = 2 ** 24;

/** When the file last changed, epoch seconds; null when it is not visible. */
function changedS(file: string): number | null {
  try {
    return Math.floor(statSync(file).mtimeMs / 1000);
  } catch {
    return null;
  }
}

/** The policy of a server, which reports a problem in its log when it begins or becomes another. */
export function reportedPolicy(current: () => PolicyState): () => PolicyState {
  let reported: string | null = null;
  return () => {
    const state = current();
    const text = state.problem?.text ?? null;
    if (text !== null && text !== reported) say(text, { level: 'error', code: 'bad-config' });
    reported = text;
    return state;
  };
}
