// A director in an engine as the site of a viewer: its archives, without the parts of a machine that only that has.

import { join } from 'node:path';
import { packageRoot, packageVersion, sayDefect } from '../../cli/settings.js';
import type { EngineSource } from '../../engine/read/engine-source.js';
import type { PolicyState } from '../../model/policy/policy.js';
import { UserError } from '../../model/user-error.js';
import type { Looks } from '../../render/files/content/span-set.js';
import type { Site } from '../../web/site.js';
import { keptShortly } from '../live/kept-shortly.js';
import type { CountedDrawing } from '../served/archives-site.js';

/** A director, and how it is shown. */
export interface ShownEngine {
  readonly director: string;
  readonly source: EngineSource;
  readonly collecting: Site['collecting'];
  readonly policy: () => PolicyState;
  readonly looks: () => Looks;
  readonly basePath: string;
  readonly drawn: CountedDrawing;
}

/** The site of a director in an engine. */
export function engineSite({ director, source, collecting, policy, looks, basePath, drawn }: ShownEngine): Site {
  return {
    source,
    known: () => Promise.reject(notThere(director)),
    collecting,
    nowS: () => Date.now() / 1000,
    looks: keptShortly(() => ({ ...looks(), capacity: policy().policy.capacity })),
    policy: keptShortly(policy),
    director,
    version: packageVersion(),
    basePath,
    viewsFolder: join(packageRoot, 'views'),
    assetsFolder: join(packageRoot, 'dist', 'public'),
    picturesFolder: null,
    drawnSince: () => ({ drawnSinceMs: 0, wholeSinceMs: 0 }),
    firstSeen: new Map(),
    metrics: null,
    freeBytes: () => Number.POSITIVE_INFINITY,
    drawFiles: drawn.files,
    drawPng: drawn.png,
    report: sayDefect,
  };
}

function notThere(director: string): UserError {
  return new UserError(
    'not-in-engine',
    `an engine has the rows of ${director}, not its table: ask the viewer or "lvs-stats survive" on that machine`,
  );
}
