// The loss of one host, rack or data centre, for every service that has a real server there.

import { hostOfAddress, rackOf, type Topology } from '../topology/topology.js';
import { UserError } from '../user-error.js';
import { lossOf, type ServiceSurvival, type Standing, type Survival, type SurvivalGround, unitOf } from './survival.js';

/** A place that is lost. */
export interface LostPlace {
  readonly level: 'host' | 'rack' | 'dc';
  readonly name: string;
}

/** A service that loses real servers. */
export interface ServiceLoss {
  readonly service: string;
  /** Usable real servers that it loses, and that it has. */
  readonly lost: number;
  readonly of: number;
  readonly loss: Survival;
}

/**
 * The place of a name: a host or its address, a rack (`r01`, or `tx/r01` if several data centres have one), a data centre. Throws a `UserError` if
 * there is none, or more than one.
 */
export function placeNamed(name: string, topology: Topology, standings: Iterable<Standing>): LostPlace {
  const found = new Map<string, LostPlace>();
  const add = (level: LostPlace['level'], own: string | null, isMeant = own === name): void => {
    if (own !== null && isMeant) found.set(`${level} ${own}`, { level, name: own });
  };
  for (const host of topology.hosts) {
    const rack = rackOf(host);
    add('host', host.host);
    add('rack', rack, rack === name || host.rack === name);
    add('dc', host.dc);
  }
  const owner = hostOfAddress(topology, name);
  if (owner !== null) add('host', owner.host, true);
  for (const { address, place } of standings) add('host', place.host, address === name || place.host === name);
  const [first, ...others] = found.values();
  if (first === undefined) {
    const hint =
      topology.hosts.length === 0
        ? 'there is no topology, so name the address of a usable real server'
        : 'name one of the topology, or the address of a usable real server';
    throw new UserError('bad-name', `there is no host, rack or data centre "${name}": ${hint}`);
  }
  if (others.length === 0) return first;
  const names = [first, ...others].map(({ level, name: own }) => `${level} ${own}`).join(', ');
  throw new UserError(
    'bad-name',
    `"${name}" may be ${names}: write the rack as DC/RACK, or name an address for a host`,
  );
}

/** The services that lose something with a place: those that have usable real servers there. Where others stand may be unknown. */
export function lossesWithout(
  { level, name }: LostPlace,
  services: readonly ServiceSurvival[],
  ground: Pick<SurvivalGround, 'allowed'>,
): readonly ServiceLoss[] {
  return services.flatMap((service) => {
    const units = service.standings.map((one) => unitOf(one, level));
    const lost = units.filter((unit) => unit === name).length;
    if (lost === 0) return [];
    const loss = lossOf(service, { level, unit: name }, ground);
    const isCertain = lost === units.length || units.some((unit) => unit !== null && unit !== name);
    const known: Survival = isCertain ? loss : { ...loss, outcome: 'unknown' };
    return [{ service: service.service, lost, of: units.length, loss: known }];
  });
}
