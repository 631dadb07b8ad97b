// A real server of a service: `192.0.2.1_80/10.0.0.5_8080`.

import type { RealServerId, ServiceId } from '../names/identity.js';
import {
  formatEndpoint,
  parseEndpoint,
  parseRealServerName,
  parseServiceName,
  realServerName,
  serviceName,
} from '../names/name.js';
import { ipvs, ipvsMeasures } from './ipvs.js';
import type { Kind } from './kind.js';
import { resolveService } from './service.js';

/** Description of a real server. */
export type RealServerAbout = { readonly kind: 'real-server'; readonly forwarding: string; readonly weight: number };

/** Its parsed name. */
export type RealServerParts = {
  readonly kind: 'real-server';
  readonly service: ServiceId;
  readonly realServer: RealServerId;
};

/** A real server. */
export const realServer: Kind<RealServerAbout, RealServerParts> = {
  kind: 'real-server',
  source: ipvs,
  level: 'member',
  rank: 1,
  hasStandingPictures: false,
  measures: ipvsMeasures,
  measureSet: 'ipvs',
  prefix: '',
  parse: (name) => {
    const [serviceText = '', realServerText = '', ...rest] = name.split('/');
    const [of, id] = [parseServiceName(serviceText), parseRealServerName(realServerText)];
    return of === null || id === null || rest.length > 0 ? null : { kind: 'real-server', service: of, realServer: id };
  },
  format: (parts) => `${serviceName(parts.service)}/${realServerName(parts.realServer)}`,
  resolve: (text) => {
    const [, serviceText = '', realServerText = ''] = /^(.+)\/([^/]+)$/s.exec(text) ?? [];
    const [of, id] = [
      resolveService(serviceText),
      parseRealServerName(realServerText) ?? parseEndpoint(realServerText),
    ];
    return of === null || id === null ? null : `${of}/${realServerName(id)}`;
  },
  ownName: (parts) => formatEndpoint(parts.realServer),
  addressOf: (parts) => parts.realServer.address,
  aboutOf: () => ({ kind: 'real-server', forwarding: '', weight: 0 }),
  countedIn: ({ director: { services } }, parts) =>
    services.get(serviceName(parts.service))?.realServers.get(realServerName(parts.realServer)),
};
