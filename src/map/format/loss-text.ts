// The loss of a place in words and as JSON: `lvs-stats map --without`, the page and its interface say the same.

import { nameOfNode } from '../../model/map/fleet-map.js';
import { parseServiceName } from '../../model/names/name.js';
import { lossTitles } from '../../model/redundancy/survival-text.js';
import { countOf } from '../../model/text/count-of.js';
import type { PlaceLoss } from '../choose/loss.js';
import type { LostDirector } from '../choose/lost-director.js';
import { serviceNodeId } from '../graph/service-index.js';

/** The loss as a sentence. */
export function lossHeadline(loss: PlaceLoss): string {
  const { place, losses, hasServers, dependants, director } = loss;
  const { level, name } = place;
  const subject = `Without ${lossTitles[level]} ${name}`;
  if (losses.length > 0) return `${subject}, ${countOf(losses.length, 'service loses', 'services lose')} real servers`;
  if (director !== null) return `${subject}, ${director.isOwn ? 'this director' : 'a director'} is lost`;
  const count = dependants.roles.reduce((sum, { nodes }) => sum + nodes, 0);
  if (count > 0)
    return `${subject} no service loses real servers, but ${countOf(count, 'node')} ${connectedTo(count, level)}`;
  const why = hasServers
    ? 'its real servers have weight 0'
    : level === 'host'
      ? 'it is no real server of any service'
      : 'no real server of any service stands there';
  return `${subject} no service loses anything: ${why}. The map shows what it talks to.`;
}

function connectedTo(count: number, level: PlaceLoss['place']['level']): string {
  return `${count === 1 ? 'is' : 'are'} connected to ${level === 'host' ? 'it' : 'hosts there'}`;
}

/** Further sentences: what the loss of a director means, and who depends on the place. */
export function lossLines({ place, director, dependants, services }: PlaceLoss): readonly string[] {
  const { roles, connections, unsure } = dependants;
  const through = dependants.services.map(mapName);
  return [
    ...(director === null ? [] : [directorText(director, services)]),
    ...(roles.length === 0
      ? []
      : [
          `${countOf(connections, 'connection')} to ${place.level === 'host' ? 'it' : 'hosts there'}, by role: ${roles.map(({ role, nodes }) => `${role} (${nodes})`).join(', ')}.`,
        ]),
    ...(unsure === 0
      ? []
      : [
          `The connections to ${place.level === 'host' ? 'it' : 'hosts there'} of ${countOf(unsure, 'more node')} are unknown.`,
        ]),
    ...(through.length === 0
      ? []
      : [`${countOf(through.length, 'service has', 'services have')} real servers among these: ${listed(through)}.`]),
  ];
}

function directorText({ isOwn, group, partners }: LostDirector, services: number): string {
  const of = group === null ? '' : ` of the group "${group}"`;
  const all = countOf(services, 'service');
  if (!isOwn) return `It is a director${of}: ${listed(partners)} would have to do its work. This table has ${all}.`;
  if (partners.length > 0)
    return `It is this director${of}: its ${all} end unless ${partners.join(' or ')} takes over.`;
  return `It is this director: its ${all} end, since "groups" of the policy names no director that could take over.`;
}

/** Names in a sentence. */
const mostListed = 10;

function listed(names: readonly string[]): string {
  const more = names.length - mostListed;
  return [...names.slice(0, mostListed), ...(more > 0 ? [`${more} more`] : [])].join(', ');
}

/** A service that loses real servers, in words. */
export interface LossRow {
  /** As on the map: `192.0.2.53:53/udp`. */
  readonly service: string;
  /** `1 of 6`. */
  readonly loses: string;
  /** `?` if unknown. */
  readonly left: string;
}

/** The services that lose real servers. */
export function lossRows({ losses }: PlaceLoss): readonly LossRow[] {
  return losses.map(({ service, lost, of, loss: { outcome, left } }) => {
    return { service: mapName(service), loses: `${lost} of ${of}`, left: outcome === 'unknown' ? '?' : String(left) };
  });
}

/** The name of a service on the map. */
function mapName(service: string): string {
  const id = parseServiceName(service);
  return id === null ? service : nameOfNode({ id: serviceNodeId(id) });
}

/**
 * The loss for JSON: `{"level", "name", "services": [{"service", "lost", "of", "left"}], "connected": {"roles": [{"role", "nodes"}], "connections",
 * "unsure", "services"}, "director": {"isOwn", "group", "partners"}}`; `left` is null if unknown, `director` if the place is none.
 */
export function placeLossRecord({ place, losses, dependants, director }: PlaceLoss): object {
  const services = losses.map(({ service, lost, of, loss: { outcome, left } }) => {
    return { service, lost, of, left: outcome === 'unknown' ? null : left };
  });
  return { ...place, services, connected: dependants, director };
}
