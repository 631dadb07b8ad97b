// The part of the policy about pages: how long each level is held.

import { type PagingPolicy, standardPaging } from '../../model/policy/paging.js';
import { startOf, wrong } from '../yaml-text.js';
import { duration, type Form, fields, part } from './form.js';

function hold(level: string): Form<number> {
  return duration(`how long the page of a ${level} is held until wider causes are excluded`);
}

const pages = fields({
  'hold-rack': hold('rack or a data centre'),
  'hold-host': hold('host'),
  'hold-service': hold('service'),
  'hold-server': hold('real server, or of any other finding,'),
  'rack-part': part("the part of a rack's hosts that, when they die together, make it a fault of the rack"),
});

/** The form. Wider causes must be held for less time than those that they explain. */
export const pagesPart: Form<PagingPolicy> = {
  keys: pages.keys,
  read: (node, spot) => {
    const read = pages.read(node, spot);
    const { 'hold-rack': rack = 0, 'hold-server': server = Number.POSITIVE_INFINITY } = read;
    const between = [read['hold-host'], read['hold-service']].filter((one) => one !== undefined);
    if (rack < Math.min(server, ...between) && server > Math.max(0, ...between)) return pagingOf(read);
    const at = spot.place(startOf(node));
    throw wrong(at, `"${spot.path}" needs hold-rack below hold-host and hold-service, and those below hold-server`);
  },
};

function pagingOf(read: ReturnType<typeof pages.read>): PagingPolicy {
  return {
    rackHoldS: read['hold-rack'] ?? standardPaging.rackHoldS,
    hostHoldS: read['hold-host'] ?? standardPaging.hostHoldS,
    serviceHoldS: read['hold-service'] ?? standardPaging.serviceHoldS,
    serverHoldS: read['hold-server'] ?? standardPaging.serverHoldS,
    rackPart: read['rack-part'] ?? standardPaging.rackPart,
  };
}
