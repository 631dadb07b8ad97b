// The parts of the viewer's application, from which its pages and routes answer.

import type { ReadBoard } from './data/board.js';
import type { ReadCatalogue } from './data/catalogue.js';
import type { StackSources } from './data/stacks.js';
import type { Turnstiles } from './limits/turnstile.js';
import type { Assets } from './routes/assets.js';
import type { Site } from './site.js';

/** The parts of the application. */
export interface AppParts {
  readonly site: Site;
  readonly catalogue: ReadCatalogue;
  readonly boards: ReadBoard;
  readonly stacks: StackSources;
  readonly assets: Assets;
  readonly turnstiles: Turnstiles;
}
