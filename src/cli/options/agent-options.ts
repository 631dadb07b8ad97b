// The options of an agent and of what checks one: its servers, its name and its key.

import { statSync } from 'node:fs';
import { hostname } from 'node:os';
import { join } from 'node:path';
import { type Command, InvalidArgumentError, Option } from 'commander';
import { readBounded } from '../../files/read-file.js';
import { agentKeyCredential, agentKeyFile } from '../../model/installed-paths.js';
import { agentNamePattern } from '../../model/links/report.js';
import { UserError } from '../../model/user-error.js';

/** The options that name an agent and its servers. */
export interface AgentLoginOptions {
  readonly to?: readonly string[];
  readonly name?: string;
  readonly key?: string;
  readonly ca?: string;
}

/** The variable that holds the key itself. */
const keyVariable = 'LVS_STATS_AGENT_KEY';

/** Adds these options. */
export function addAgentLogin(command: Command): Command {
  const append = (text: string, before: readonly string[] = []): readonly string[] => [
    ...before,
    ...text.split(/\s+/).filter((word) => word !== ''),
  ];
  return command
    .addOption(new Option('--to <url>', 'a server of agents, https://HOST:PORT (repeatable)').argParser(append))
    .option('--name <name>', "name of the agent; this machine's without it", nameOf)
    .option(
      '--key <file>',
      `file with the key, which others must not read (${agentKeyFile} without it); or the variable ${keyVariable}`,
    )
    .option('--ca <file>', 'trust only the authorities in this PEM file');
}

function nameOf(text: string): string {
  if (agentNamePattern.test(text)) return text;
  throw new InvalidArgumentError('Write letters, digits, ".", "_" and "-", at most 63 characters.');
}

/** The name of an agent. Throws a `UserError` if this machine's is none. */
export function agentNameOf({ name }: AgentLoginOptions): string {
  const own = name ?? hostname();
  if (agentNamePattern.test(own)) return own;
  throw new UserError('bad-command', `this machine's name "${own}" cannot name an agent: choose one with --name`);
}

/** The key, from the file named, the environment, systemd or its usual file. Throws a `UserError`. */
export function readAgentKey({ key }: AgentLoginOptions, env: NodeJS.ProcessEnv): string {
  const handed = join(env['CREDENTIALS_DIRECTORY'] ?? '/nonexistent', agentKeyCredential);
  const inVariable = env[keyVariable];
  if (key !== undefined) return requireKey(keyText(key), key);
  if (inVariable !== undefined) return requireKey(inVariable, `the variable ${keyVariable}`);
  for (const file of [handed, agentKeyFile]) {
    if (statSync(file, { throwIfNoEntry: false }) !== undefined) return requireKey(keyText(file), file);
  }
  throw new UserError(
    'bad-command',
    `an agent needs its key: print it with "lvs-stats links --token NAME --agents FILE" on the server, and put it into ${agentKeyFile}, or a file that --key names`,
  );
}

/** A key has 64 bytes. */
const mostBytes = 1024;
const [othersMay, groupWrites] = [0o007, 0o020];

function keyText(file: string): string {
  try {
    // systemd passes a credential by an access list, which shows as rights of the group.
    const { mode } = statSync(file);
    if ((mode & (othersMay | groupWrites)) !== 0) {
      throw new UserError(
        'bad-config',
        `others may use the key in ${file}: chmod 600 ${file}, and give the agent another key if they did`,
      );
    }
    return readBounded(file, mostBytes).toString('latin1');
  } catch (error) {
    if (error instanceof UserError) throw error;
    const why = error instanceof Error ? error.message : String(error);
    throw new UserError(
      'bad-config',
      `cannot read the key in ${file}: ${why}; correct --key, or let this user read it`,
    );
  }
}

/** No message shows the text, which may be most of a key. */
function requireKey(text: string, place: string): string {
  const key = text.trim();
  if (/^[0-9a-f]{64}$/.test(key)) return key;
  throw new UserError(
    'bad-config',
    `${place} holds no key: it has 64 hexadecimal digits, as "lvs-stats links --token NAME --agents FILE" prints them on the server`,
  );
}

/** The certificates to trust; null for those that Node.js trusts. Throws a `UserError`. */
export function readCertificates({ ca }: AgentLoginOptions): string | null {
  if (ca === undefined) return null;
  try {
    const text = readBounded(ca, 2 ** 20).toString('latin1');
    if (text.includes('-----BEGIN CERTIFICATE-----')) return text;
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    throw new UserError('bad-config', `cannot read the certificates in ${ca}: ${why}; correct --ca`);
  }
  throw new UserError('bad-config', `${ca} has no certificate in PEM form: correct --ca`);
}
