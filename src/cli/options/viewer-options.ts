// The options of commands that show pages: where the viewer listens, and who may look.

import { hostname } from 'node:os';
import { type Command, Option } from 'commander';
import { UserError } from '../../model/user-error.js';
import type { Access } from '../../web/app.js';
import { parseProxies } from '../../web/limits/client.js';
import { parseHostNames } from '../../web/limits/own-names.js';
import { type Address, formatUrl, isLoopback, parseAddress, parseBasePath, tryListening } from '../../web/listen.js';
import type { Verifier } from '../../web/passwords.js';

/** The default address of a viewer. */
const defaultListen = '127.0.0.1:8080';

/** The address and the access rules of the viewer, as options. */
export interface ViewerOptions {
  readonly data: string;
  readonly listen: string;
  readonly auth?: string | false;
  readonly basePath: string;
  readonly host?: readonly string[];
  readonly proxy?: readonly string[];
  readonly metricsOpen?: boolean;
}

/** Adds the options of a command that shows pages. */
export function addViewerOptions(command: Command): Command {
  refuseBoth(command, 'auth', 'no-auth');
  return command
    .addOption(new Option('--listen <address>', 'where to listen').default(defaultListen))
    .option('--auth <file>', 'require a password from this file (htpasswd -B)')
    .option('--no-auth', 'listen beyond this machine without a password')
    .option('--metrics-open', 'answer /metrics without a password')
    .option('--base-path <path>', 'prefix of all paths behind a reverse proxy', parseBasePath, '')
    .option('--host <name>', 'an additional host name of the viewer (repeatable)', parseHostNames)
    .option('--proxy <address>', 'address or network of a trusted reverse proxy (repeatable)', parseProxies);
}

/** Commander takes the last of an option and its negation, which here could admit everybody. */
function refuseBoth(command: Command, ...names: readonly string[]): void {
  const said = new Set<string>();
  for (const name of names) command.on(`option:${name}`, () => said.add(name));
  command.hook('preAction', () => {
    if (said.size < names.length) return;
    throw new UserError('bad-command', `use either ${names.map((name) => `--${name}`).join(' or ')}`);
  });
}

/** The address to listen on. Throws a `UserError` when it is beyond this machine and access is not restricted. */
export function addressOf({ listen, auth }: ViewerOptions): Address {
  const address = parseAddress(listen);
  if (isLoopback(address) || auth !== undefined) return address;
  throw new UserError(
    'bad-address',
    `${formatUrl(address)} can be reached from other machines: require a password with --auth FILE (htpasswd -B), or admit everyone with --no-auth`,
  );
}

/** The usual address, or any free port when another program listens there: the user has not chosen an address. */
export async function freeAddress(): Promise<string> {
  try {
    await tryListening(parseAddress(defaultListen));
    return defaultListen;
  } catch {
    return '127.0.0.1:0';
  }
}

/** The users who may look, and the host names allowed. Throws a `UserError` when the password file cannot be read. */
export async function accessOf(options: ViewerOptions): Promise<Access> {
  const { host = [], proxy = [] } = options;
  return {
    verifier: await verifierOf(options),
    ownNames: [hostname(), parseAddress(options.listen).host],
    hostNames: host,
    proxies: proxy,
    areMetricsOpen: options.metricsOpen ?? false,
  };
}

async function verifierOf({ auth }: ViewerOptions): Promise<Verifier | null> {
  if (typeof auth !== 'string') return null;
  const { verifierOfFile } = await import('./password-file.js');
  return verifierOfFile(auth);
}
