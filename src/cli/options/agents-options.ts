// The options of a server to which agents report: their secret, and where it listens for them. Off this machine it listens only with TLS, or
// behind a proxy, which is named.

import type { Command } from 'commander';
import { readBounded } from '../../files/read-file.js';
import { UserError } from '../../model/user-error.js';
import { isLoopback, parseAddress } from '../../web/listen.js';

/** The options. */
export interface AgentsOptions {
  readonly agents?: string;
  readonly agentsListen: string;
  readonly agentsCert?: string;
  readonly agentsKey?: string;
  readonly proxy?: readonly string[];
}

/** The secrets of agents' keys, and where to listen. */
export interface AgentsRequest {
  readonly secrets: readonly string[];
  readonly listen: {
    readonly host: string;
    readonly port: number;
    /** PEM; null for clear text. */
    readonly tls: { readonly cert: string; readonly key: string } | null;
  };
}

/** A chain of certificates has some kilobytes. */
const maxPemBytes = 2 ** 20;

const defaultListen = '127.0.0.1:8081';

/** Adds the options. */
export function addAgentsOptions(command: Command): Command {
  return command
    .option('--agents <file>', 'let agents report links; the file has the secret of their keys')
    .option('--agents-listen <address>', 'where to listen for agents', defaultListen)
    .option('--agents-cert <file>', "certificate of the agents' listener (PEM)")
    .option('--agents-key <file>', 'its private key (PEM)');
}

/** Where and how to listen; null without `--agents`. Reads the files. Throws a `UserError`. */
export async function agentsOf(options: AgentsOptions): Promise<AgentsRequest | null> {
  const { agents, agentsListen, agentsCert, agentsKey, proxy = [] } = options;
  const certified = [agentsCert, agentsKey].filter((one) => one !== undefined);
  if (agents === undefined) {
    if (certified.length === 0 && agentsListen === defaultListen) return null;
    throw new UserError(
      'bad-command',
      '--agents-listen, --agents-cert and --agents-key need --agents FILE, with the secret of agents',
    );
  }
  if (certified.length === 1) throw new UserError('bad-command', 'use --agents-cert and --agents-key together');
  const { readSecrets } = await import('../../links/protocol/secrets.js');
  const address = parseAddress(agentsListen);
  const tls =
    agentsCert === undefined || agentsKey === undefined
      ? null
      : { cert: pemOf(agentsCert, '--agents-cert'), key: pemOf(agentsKey, '--agents-key') };
  if (tls === null && !isLoopback(address) && proxy.length === 0) {
    throw new UserError(
      'bad-address',
      `${agentsListen} can be reached from other machines, and agents would speak in clear text: give --agents-cert and --agents-key, or name the proxy in front with --proxy`,
    );
  }
  return { secrets: readSecrets(agents), listen: { host: address.host, port: address.port, tls } };
}

function pemOf(path: string, option: string): string {
  try {
    return readBounded(path, maxPemBytes).toString('latin1');
  } catch (error) {
    throw new UserError(
      'bad-command',
      `${option}: ${path} cannot be read (${error instanceof Error ? error.message : String(error)})`,
    );
  }
}
