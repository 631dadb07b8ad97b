// `lvs-stats serve`: the viewer, with the collecting schedule inside.

import { readFileSync } from 'node:fs';
import { hostname } from 'node:os';
import { join } from 'node:path';
import { type Command, Option } from 'commander';
import { createDrawThread } from '../render/draw-pool.js';
import { openStore } from '../store/open.js';
import { formatUrl, isLoopback, listen, parseAddress } from '../web/listen.js';
import { createVerifier, parsePasswords, type Verifier } from '../web/passwords.js';
import type { Collecting } from '../web/site.js';
import { createViewer } from '../web/viewer.js';
import { drawnSince, looksOf, picturesFolder } from './pictures.js';
import { addCommand, packageRoot, print, say } from './settings.js';

interface ServeOptions {
  readonly data: string;
  readonly listen: string;
  readonly auth?: string | false;
  readonly basePath: string;
}

/** Adds the command. */
export function addServe(program: Command): void {
  addCommand(program, 'serve', 'Shows the archives as pages, and collects every five minutes.')
    .addOption(new Option('--listen <address>', 'where to listen').default('127.0.0.1:8080'))
    .option('--auth <file>', 'ask for a password of this file (htpasswd, bcrypt)')
    .option('--no-auth', 'listen beyond this machine without a password')
    .option('--base-path <path>', 'the prefix of all addresses behind a reverse proxy', '')
    .action(serve);
}

async function serve(options: ServeOptions): Promise<void> {
  const { data } = options;
  const address = parseAddress(options.listen);
  isLoopback(address);
  const store = await openStore(data);
  const pool = createDrawThread();
  const table = await store.latest();
  const collecting: Collecting = { lastS: table.timeS, failure: null };
  const viewer = createViewer(
    {
      source: store,
      collecting: () => collecting,
      nowS: () => Date.now() / 1000,
      looks: () => looksOf(data),
      director: hostname(),
      version: '0',
      basePath: options.basePath,
      viewsFolder: join(packageRoot, 'views'),
      assetsFolder: join(packageRoot, 'dist', 'public'),
      picturesFolder: picturesFolder(data),
      drawnSince: () => drawnSince(data),
      drawFiles: pool.draw,
      drawPng: pool.drawPng,
      report: (error) => say(error instanceof Error ? (error.stack ?? error.message) : String(error)),
    },
    verifierOf(options),
  );
  const listening = await listen(viewer.app, address);
  print(`${formatUrl(listening.address)}${options.basePath}/`);
  await viewer.prepare();
}

function verifierOf({ auth }: ServeOptions): Verifier | null {
  if (auth === undefined || auth === false) return null;
  const passwords = parsePasswords(readFileSync(auth, 'utf8'), auth);
  return createVerifier(() => passwords);
}
