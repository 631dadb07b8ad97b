// The registry of depictions: how each kind of archive is shown. A new kind that is shown adds one line here.

import type { AnyAbout } from '../../model/kinds/kind.js';
import { type KnownKind, type Registry, registry } from '../../model/kinds/registry.js';
import type { Depiction } from './depiction.js';
import { connectionTable, director, processor, totals } from './director.js';
import { backend, frontend, proxyServer } from './haproxy.js';
import { realServer, service } from './ipvs.js';
import { agent, link } from './link.js';
import { probe, probeValue } from './probe.js';

/** Kinds, and their depictions. */
export interface DepictionRegistry {
  readonly kinds: Registry;
  readonly depictions: Readonly<Record<string, Depiction>>;
}

const depictions: Readonly<Record<KnownKind['kind'], Depiction>> = {
  director,
  totals,
  processor,
  'connection-table': connectionTable,
  service,
  'real-server': realServer,
  'haproxy-frontend': frontend,
  'haproxy-backend': backend,
  'haproxy-server': proxyServer,
  probe,
  'probe-value': probeValue,
  agent,
  link,
};

/** The kinds of this program, with their depictions. */
export const depicted: DepictionRegistry = { kinds: registry, depictions };

/** The depiction of an archive. Throws a `RangeError` if its kind is not registered. */
export function depictionOf({ kind }: AnyAbout, of: DepictionRegistry = depicted): Depiction {
  const found = of.depictions[kind];
  if (found === undefined) throw new RangeError(`nothing says how "${kind}" is shown`);
  return found;
}
