// Series of what is down, and where it stands: the evidence from which the rules of `lvs-stats alerts` conclude causes. It comes from findings
// that are neither silenced nor notices, and the places from the policy's topology, so that Prometheus and the pages of `serve` agree. All of
// them are exported at every level, since alerts must not depend on how deep a scrape goes.

import type { Severity } from '../model/finding/finding.js';
import { type Family, gauge, labels, type Sample } from './exposition.js';

/** Where a host stands; null where the topology does not say. */
export interface ExportedPlace {
  readonly host: string;
  /** With its data centre: `tx/r01`. */
  readonly rack: string | null;
  readonly dc: string | null;
}

/** A real server that is down. */
export interface DownServer extends ExportedPlace {
  /** The name of its service, and its own within it. */
  readonly service: string;
  readonly endpoint: string;
  readonly severity: Severity;
  readonly sinceS: number;
}

/** A service that is in trouble. */
export interface TroubledService {
  readonly service: string;
  /** Its real servers that get connections. */
  readonly usable: number;
  /** Since when findings say that the service as a whole does not work; null if none does. */
  readonly down: { readonly severity: Severity; readonly sinceS: number } | null;
}

/** A host that carries real servers, and how many of them get connections. */
export interface ExportedHost extends ExportedPlace {
  readonly usable: number;
}

/** Everything that is down. */
export interface DownFacts {
  readonly servers: readonly DownServer[];
  readonly services: readonly TroubledService[];
  readonly hosts: readonly ExportedHost[];
  /** The ids of findings that say so, or follow from it. */
  readonly explained: ReadonlySet<string>;
}

/** Nothing is down, and nothing is known about hosts. */
export const nothingDown: DownFacts = { servers: [], services: [], hosts: [], explained: new Set() };

/** The families of what is down. */
export function downFamilies({ servers, services, hosts }: DownFacts): readonly Family[] {
  return [
    gauge(
      'lvs_real_server_down_timestamp_seconds',
      'When a real server went down, by the worst of the findings that say so, none of which is silenced. One series for each service.',
      servers.map((one) => [
        labels({ service: one.service, server: one.endpoint, ...placeOf(one), severity: one.severity }),
        one.sinceS,
      ]),
    ),
    gauge(
      'lvs_virtual_server_down_timestamp_seconds',
      'Since when findings say that a virtual server as a whole does not work.',
      services.flatMap(({ service, down }): readonly Sample[] =>
        down === null ? [] : [[labels({ service, severity: down.severity }), down.sinceS]],
      ),
    ),
    gauge(
      'lvs_virtual_server_usable_real_servers',
      'Real servers that get connections, of virtual servers of which some are down.',
      services.map(({ service, usable }) => [labels({ service }), usable]),
    ),
    gauge(
      'lvs_host_usable_real_servers',
      'Real servers on a host that get connections; 0 if all of them are down.',
      hosts.map((one) => [labels(placeOf(one)), one.usable]),
    ),
  ];
}

function placeOf({ host, rack, dc }: ExportedPlace): {
  readonly host: string;
  readonly rack: string;
  readonly dc: string;
} {
  return { host, rack: rack ?? '', dc: dc ?? '' };
}
