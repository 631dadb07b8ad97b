// The options of Mackerel: its key, the service of the metrics, the host of the checks, and where it is.

import { statSync } from 'node:fs';
import { readBounded } from '../../files/read-file.js';
import { UserError } from '../../model/user-error.js';
import { mackerelKeyFile, readSecret } from '../secret-file.js';
import { isLoopback } from '../server/server-url.js';
import type { MackerelPlan } from './report-to-mackerel.js';

/** The options. */
export interface MackerelOptions {
  readonly mackerelKey?: string;
  readonly mackerelService?: string;
  readonly mackerelHost?: string;
  readonly mackerelUrl?: string;
}

/** Mackerel's own address (mackerel.io/api-docs). */
const mackerelUrl = 'https://api.mackerelio.com';

/** Where mackerel-agent keeps the id that its host has in Mackerel. */
const hostIdFile = '/var/lib/mackerel-agent/id';

/** Time between two looks for changes, ms. */
const lookMs = 10_000;

/** Where to report; null without a key. Reads the files. Throws a `UserError`. */
export function mackerelOf(
  options: MackerelOptions,
  { env, timeoutMs, idFile = hostIdFile }: { env: NodeJS.ProcessEnv; timeoutMs: number; idFile?: string },
): Pick<MackerelPlan, 'place' | 'hostId' | 'service' | 'lookMs'> | null {
  const { mackerelKey, mackerelService: service = null, mackerelHost } = options;
  if (mackerelKey === undefined) {
    const other = [service, mackerelHost, options.mackerelUrl].some((one) => one !== null && one !== undefined);
    if (!other) return null;
    throw wrong('--mackerel-service, --mackerel-host and --mackerel-url need --mackerel-key FILE, with the API key');
  }
  if (service !== null && !/^[^\s/]{1,63}$/.test(service))
    throw wrong(`--mackerel-service ${service} is no name of a service`);
  const hostId = mackerelHost ?? readHostId(idFile);
  if (hostId !== null && !/^[\w-]{1,63}$/.test(hostId))
    throw wrong(`the id of this host in Mackerel is a word such as 2eQGEaLxiYU: correct --mackerel-host`);
  if (service === null && hostId === null)
    throw wrong(
      `Mackerel takes checks of a host, --mackerel-host ID (there is no ${idFile} of a mackerel-agent), and metrics of a service, --mackerel-service NAME: name one of them`,
    );
  const url = urlOf(options.mackerelUrl ?? mackerelUrl);
  return { place: { url, key: readSecret(mackerelKeyFile(mackerelKey), env), timeoutMs }, hostId, service, lookMs };
}

function readHostId(file: string): string | null {
  if (statSync(file, { throwIfNoEntry: false }) === undefined) return null;
  try {
    return readBounded(file, 1024).toString('latin1').trim();
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    throw wrong(`cannot read the id of this host in ${file}: ${why}; write it as --mackerel-host ID`);
  }
}

/** The key goes there, so nobody on the way may read it. */
function urlOf(text: string): URL {
  const url = URL.canParse(text) ? new URL(text) : null;
  if (url === null || url.username !== '' || url.password !== '' || url.pathname !== '/' || url.search !== '')
    throw wrong(`--mackerel-url is not understood: write https://HOST, such as ${mackerelUrl}`);
  if (url.protocol === 'https:' || (url.protocol === 'http:' && isLoopback(url.hostname))) return url;
  throw wrong('--mackerel-url would send the key in clear text: write https://');
}

function wrong(text: string): UserError {
  return new UserError('bad-command', text);
}
