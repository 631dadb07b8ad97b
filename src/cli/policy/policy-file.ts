// The policy's file (`--policy`) while a command runs. A file that cannot be read or is wrong stops nothing, since a director must be watched
// even so: the policy before it stays in force, and that is a finding.

import { existsSync, statSync } from 'node:fs';
import { type Command, InvalidArgumentError, Option } from 'commander';
import { noPolicyFile, type PolicyState, standardPolicy } from '../../model/policy/policy.js';
import { UserError } from '../../model/user-error.js';
import { readConfiguration } from '../configure.js';
import { say } from '../log.js';
import { followed } from '../options/followed-file.js';

/** The file unless `--policy` names another. */
const defaultPolicyFile = '/etc/lvs-stats/policy.yaml';

/** Adds the option that names the file. */
export function addPolicyOption(command: Command): Command {
  return command.addOption(
    new Option(
      '--policy <file>',
      `thresholds, capacities and silences (default: ${defaultPolicyFile}, if there is one)`,
    ).argParser(parseFile),
  );
}

function parseFile(text: string): string {
  if (text === '') throw new InvalidArgumentError('Name a file.');
  return text;
}

/** The policy for a command that does one thing and ends. */
export async function readPolicy(named: string | undefined, nowS: () => number): Promise<PolicyState> {
  // The parser of YAML is loaded only where there is something to parse.
  if (named === undefined && !existsSync(defaultPolicyFile)) return noPolicyFile;
  return (await followPolicy(named, nowS))();
}

/**
 * A function that returns the policy in force, read again after a change of the file. `named` is the file of the option; without it, the
 * default one may be missing.
 */
export async function followPolicy(named: string | undefined, nowS: () => number): Promise<() => PolicyState> {
  const file = named ?? defaultPolicyFile;
  const { parsePolicy } = await import('./parse-policy.js');
  return followed<PolicyState>(file, (previous) => {
    try {
      if (named === undefined && !existsSync(file)) return { value: noPolicyFile, isSettled: true };
      return {
        value: {
          policy: parsePolicy(readConfiguration(file, { maxBytes, what: 'the policy', option: '--policy' }), file),
          problem: null,
        },
        isSettled: true,
      };
    } catch (error) {
      if (!(error instanceof UserError)) throw error;
      const { policy, problem } = previous ?? noPolicyFile;
      const inForce = policy === standardPolicy ? 'the standard policy' : 'the policy before that';
      const text = `${error.message}; ${inForce} is in force`;
      const sinceS = problem?.sinceS ?? changedS(file) ?? Math.floor(nowS());
      return { value: { policy, problem: { sinceS, text } }, isSettled: false };
    }
  });
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
