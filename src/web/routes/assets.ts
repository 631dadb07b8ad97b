// The files that a browser loads besides pages: the bundled client and the style, read once, named by their content so that
// they can be cached forever.

import { createHash } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { extname, join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { Router } from 'express';
import { UserError } from '../../model/user-error.js';
import { parseQuery, searchOf } from '../query.js';
import { RequestError } from '../request-error.js';
import { isNotModified } from './conditional.js';

/** A served file. */
interface Asset {
  readonly bytes: Buffer;
  readonly packed: Buffer;
  readonly mark: string;
  readonly type: string;
}

/** Files by name. */
export type Assets = ReadonlyMap<string, Asset>;

const types: Readonly<Record<string, string>> = {
  '.js': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.map': 'application/json',
  '.svg': 'image/svg+xml',
};

/** Reads the files of some folders. Throws a `UserError` if they were not built. */
export function readAssets(folder: string): Assets {
  const assets = new Map<string, Asset>();
  try {
    for (const name of readdirSync(folder)) {
      const type = types[extname(name)];
      if (type === undefined) continue;
      const bytes = readFileSync(join(folder, name));
      const mark = createHash('sha256').update(bytes).digest('base64url').slice(0, 12);
      assets.set(name, { bytes, packed: gzipSync(bytes), type, mark });
    }
  } catch (error) {
    throw new UserError('not-built', `${folder} cannot be read: build lvs-stats with "npm run build"`, {
      cause: error,
    });
  }
  return assets;
}

/** The address of a file below `static/`, which changes with its content. */
export function assetPath(assets: Assets, name: string): string {
  return `static/${name}?v=${assets.get(name)?.mark ?? ''}`;
}

/** Routes below `static/`. */
export function assetRoutes(assets: Assets): Router {
  return Router().get('/:name', (request, response) => {
    const asset = assets.get(request.params.name);
    if (asset === undefined) throw new RequestError(404, 'there is no such file');
    if (isNotModified(request, response, [asset.mark])) return;
    const isNamed = parseQuery(searchOf(request)).text('v') === asset.mark;
    if (isNamed) response.set('Cache-Control', 'public, max-age=31536000, immutable');
    response.set('Content-Type', asset.type).vary('Accept-Encoding');
    // All clients share these bytes, so a client that does not read holds none of its own.
    if (request.acceptsEncodings('gzip') === 'gzip') response.set('Content-Encoding', 'gzip').send(asset.packed);
    else response.send(asset.bytes);
  });
}
