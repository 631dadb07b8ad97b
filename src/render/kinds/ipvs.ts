// Depictions of services and their real servers.

import type { RealServerAbout, RealServerParts } from '../../model/kinds/real-server.js';
import type { ServiceAbout, ServiceParts } from '../../model/kinds/service.js';
import type { ServiceId } from '../../model/names/identity.js';
import { formatEndpoint } from '../../model/names/name.js';
import { graphTypes, shareTypes } from '../define/graph-request.js';
import type { Depiction } from './depiction.js';

/** A service. */
export const service: Depiction<ServiceAbout, ServiceParts> = {
  namesOf: (parts) => ({ endpoint: formatEndpoint(parts.service), protocol: formatProtocol(parts.service) }),
  graphTypes: () => graphTypes,
  togetherTypes: shareTypes,
  partOf: 'services',
  factsOf: ({ scheduler, flags }) => [
    ['scheduler', scheduler],
    ['flags', flags === '' ? 'none' : flags],
  ],
};

/** A real server. */
export const realServer: Depiction<RealServerAbout, RealServerParts> = {
  namesOf: (parts) => ({
    endpoint: `${formatEndpoint(parts.realServer)} of ${formatEndpoint(parts.service)}`,
    protocol: formatProtocol(parts.service),
  }),
  isShortInLegends: true,
  graphTypes: () => graphTypes,
  togetherTypes: [],
  partOf: 'real servers',
  factsOf: ({ forwarding, weight }) => [
    ['forwarding', forwarding],
    ['weight', String(weight)],
  ],
};

function formatProtocol(of: ServiceId): string {
  if (of.kind === 'address') return of.protocol.toUpperCase();
  return of.family === 'ipv4' ? 'IPv4' : 'IPv6';
}
