// A service of the kernel's table: `192.0.2.1_80`, `192.0.2.1_53_udp`, `fwm_100`.

import type { Protocol, ServiceId } from '../names/identity.js';
import { formatEndpoint, parseEndpoint, parseServiceName, serviceName } from '../names/name.js';
import { ipvs, ipvsMeasures } from './ipvs.js';
import type { Kind } from './kind.js';

/** Description of a service. */
export type ServiceAbout = { readonly kind: 'service'; readonly scheduler: string; readonly flags: string };

/** Its parsed name. */
export type ServiceParts = { readonly kind: 'service'; readonly service: ServiceId };

/** A service. */
export const service: Kind<ServiceAbout, ServiceParts> = {
  kind: 'service',
  source: ipvs,
  level: 'top',
  rank: 1,
  hasStandingPictures: true,
  measures: ipvsMeasures,
  measureSet: 'ipvs',
  prefix: '',
  parse: (name) => {
    const id = parseServiceName(name);
    return id === null ? null : { kind: 'service', service: id };
  },
  format: (parts) => serviceName(parts.service),
  resolve: resolveService,
  ownName: (parts) => formatEndpoint(parts.service),
  written: (parts) => formatEndpoint(parts.service),
  addressOf: (parts) => (parts.service.kind === 'address' ? parts.service.address : null),
  aboutOf: () => ({ kind: 'service', scheduler: '', flags: '' }),
  countedIn: ({ director: { services } }, parts) => services.get(serviceName(parts.service)),
};

/** The name meant by `192.0.2.1:80`, `[::1]:80`, `udp/192.0.2.1:53` or a name itself; null if it is none. */
export function resolveService(text: string): string | null {
  if (parseServiceName(text) !== null) return text;
  const [, protocol, endpoint = text] = /^(tcp|udp|sctp)\/(.*)$/s.exec(text) ?? [];
  const id = parseEndpoint(endpoint);
  return id === null ? null : serviceName({ kind: 'address', protocol: (protocol ?? 'tcp') as Protocol, ...id });
}
