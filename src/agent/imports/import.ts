// A source of targets on this host: a file or a socket that names the hosts which it talks to.

import type { NamedAddresses } from '../../model/links/report.js';
import type { LinkTarget } from '../../model/links/target.js';

/** A source of targets. `targets` throws an `Error` that says why it cannot be read. */
export interface Import {
  /** In messages, such as `nginx:/etc/nginx/nginx.conf`. */
  readonly name: string;
  readonly targets: () => Promise<readonly LinkTarget[]>;
  /** The names among the newest targets, as they were resolved; missing where there are addresses only. */
  readonly names?: () => readonly NamedAddresses[];
}

/** Most targets of one source. */
export const mostImported = 1000;
