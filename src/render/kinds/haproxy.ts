// Depictions of HAProxy's proxies and servers.

import type { HaproxyParts, ProxyAbout, ProxyServerAbout } from '../../model/kinds/haproxy.js';
import { type GraphType, haproxyTypes } from '../define/graph-request.js';
import type { Depiction } from './depiction.js';

const shared: Depiction<ProxyAbout<string>, HaproxyParts> = {
  namesOf: ({ of }) => ({ endpoint: of.proxy, protocol: `HAProxy ${of.kind}` }),
  graphTypes: typesFor,
  togetherTypes: [],
  partOf: null,
  factsOf: ({ mode, status }) => [
    ['mode', mode],
    ['status', status],
  ],
  stateOf: ({ status }) => (['UP', 'OPEN', 'no check'].includes(status) ? '' : status),
};

/** A frontend: it has no queue. */
export const frontend: typeof shared = {
  ...shared,
  graphTypes: (about) => typesFor(about).filter((type) => type !== 'queue'),
};

/** A backend. */
export const backend = shared;

/** A server. */
export const proxyServer: Depiction<ProxyServerAbout, HaproxyParts> = {
  ...shared,
  namesOf: ({ of }) => ({ endpoint: `${of.server} of ${of.proxy}`, protocol: 'HAProxy server' }),
  factsOf: (about) => [
    ...shared.factsOf(about),
    ...(about.weight === null ? [] : ([['weight', String(about.weight)]] as const)),
  ],
};

/** In TCP mode HAProxy counts no responses. */
function typesFor({ mode }: ProxyAbout<string>): readonly GraphType[] {
  return mode === 'http' ? haproxyTypes : haproxyTypes.filter((type) => type !== 'responses');
}
