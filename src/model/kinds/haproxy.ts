// HAProxy's frontends, backends and servers: `haproxy_fe_www`, `haproxy_be_www`, `haproxy_be_www/web1`.

import { type HaproxyKind, type HaproxyMode, haproxyColumns } from '../haproxy.js';
import { type HaproxyId, haproxyName, parseHaproxyName, prefixes, resolveHaproxyName } from '../names/haproxy-name.js';
import type { Kind, SourceTraits } from './kind.js';

/** HAProxy's statistics. */
export const haproxy: SourceTraits = {
  name: 'haproxy',
  seesAllReplies: true,
  witness: 'top',
  tops: { one: 'HAProxy proxy', words: 'HAProxy proxies', field: 'proxies' },
  members: { one: 'server', words: 'servers', field: 'servers' },
  isListed: true,
  isOfGroup: false,
};

/** Description of a proxy; `status` is the word in the statistics: UP, DOWN, MAINT, OPEN, … */
export type ProxyAbout<K extends string> = { readonly kind: K; readonly mode: HaproxyMode; readonly status: string };

/** Description of a server; its weight is null if HAProxy does not report one. */
export type ProxyServerAbout = ProxyAbout<'haproxy-server'> & { readonly weight: number | null };

/** A parsed name. */
export type HaproxyParts = { readonly kind: 'haproxy'; readonly of: HaproxyId };

/** A frontend. */
export const frontend: Kind<ProxyAbout<'haproxy-frontend'>, HaproxyParts> = {
  ...shared('frontend'),
  kind: 'haproxy-frontend',
  level: 'top',
  hasStandingPictures: true,
  prefix: prefixes.frontend,
  written: ({ of }) => of.proxy,
  aboutOf: () => ({ kind: 'haproxy-frontend', mode: 'http', status: '' }),
};

/** A backend. */
export const backend: Kind<ProxyAbout<'haproxy-backend'>, HaproxyParts> = {
  ...shared('backend'),
  kind: 'haproxy-backend',
  level: 'top',
  hasStandingPictures: true,
  prefix: prefixes.backend,
  written: ({ of }) => of.proxy,
  aboutOf: () => ({ kind: 'haproxy-backend', mode: 'http', status: '' }),
};

/** A server of a backend. */
export const proxyServer: Kind<ProxyServerAbout, HaproxyParts> = {
  ...shared('server'),
  kind: 'haproxy-server',
  level: 'member',
  hasStandingPictures: false,
  prefix: prefixes.backend,
  ownName: ({ of }) => of.server,
  written: ({ of }) => `${of.proxy}/${of.server}`,
  aboutOf: () => ({ kind: 'haproxy-server', mode: 'http', status: '', weight: null }),
};

/** Description of an entry of the statistics, by the name of its archive. */
export function haproxyAbout(
  name: string,
  { mode, status, weight }: { readonly mode: HaproxyMode; readonly status: string; readonly weight: number | null },
) {
  const kind = parseHaproxyName(name)?.kind ?? 'backend';
  return kind === 'server'
    ? ({ kind: 'haproxy-server', mode, status, weight } as const)
    : ({ kind: `haproxy-${kind}`, mode, status } as const);
}

function shared<K extends HaproxyKind>(kind: K) {
  return {
    source: haproxy,
    rank: 1,
    measures: haproxyColumns[kind].map(({ measure }) => measure),
    measureSet: `haproxy-${kind}`,
    parse: (name) => {
      const of = parseHaproxyName(name);
      return of?.kind === kind ? { kind: 'haproxy', of } : null;
    },
    format: ({ of }) => haproxyName(of),
    resolve: resolveHaproxyName,
    ownName: ({ of }) => of.proxy,
    countedIn: ({ haproxy: { entries } }, { of }) => entries.get(haproxyName(of)),
  } satisfies Partial<Kind<ProxyAbout<string>, HaproxyParts>>;
}
