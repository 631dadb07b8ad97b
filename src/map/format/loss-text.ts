// The loss of a place in words and as JSON: `lvs-stats map --without`, the page and its interface say the same.

import { nameOfNode } from '../../model/map/fleet-map.js';
import { parseServiceName } from '../../model/names/name.js';
import { lossTitles } from '../../model/redundancy/survival-text.js';
import { countOf } from '../../model/text/count-of.js';
import type { PlaceLoss } from '../choose/loss.js';
import { serviceNodeId } from '../graph/service-index.js';

/** The loss as a sentence. */
export function lossHeadline({ place: { level, name }, losses, hasServers }: PlaceLoss): string {
  const subject = `Without ${lossTitles[level]} ${name}`;
  if (losses.length > 0) return `${subject}, ${countOf(losses.length, 'service loses', 'services lose')} real servers`;
  const why = hasServers
    ? 'its real servers have weight 0'
    : level === 'host'
      ? 'it is no real server of any service'
      : 'no real server of any service stands there';
  return `${subject} no service loses anything: ${why}. The map shows what it talks to.`;
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
    const id = parseServiceName(service);
    const name = id === null ? service : nameOfNode({ id: serviceNodeId(id) });
    return { service: name, loses: `${lost} of ${of}`, left: outcome === 'unknown' ? '?' : String(left) };
  });
}

/** The loss for JSON: `{"level", "name", "services": [{"service", "lost", "of", "left"}]}`; `left` is null if unknown. */
export function placeLossRecord({ place, losses }: PlaceLoss): object {
  const services = losses.map(({ service, lost, of, loss: { outcome, left } }) => {
    return { service, lost, of, left: outcome === 'unknown' ? null : left };
  });
  return { ...place, services };
}
