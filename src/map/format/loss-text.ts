// The loss of a place in words and as JSON: `lvs-stats map --without`, the page and its interface say the same.

import { lossTitles } from '../../model/redundancy/survival-text.js';
import { countOf } from '../../model/text/count-of.js';
import type { PlaceLoss } from '../choose/loss.js';

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

/** The loss for JSON: `{"level", "name", "services": [{"service", "lost", "of", "left"}]}`; `left` is null if unknown. */
export function lossRecord({ place, losses }: PlaceLoss): object {
  const services = losses.map(({ service, lost, of, loss: { outcome, left } }) => {
    return { service, lost, of, left: outcome === 'unknown' ? null : left };
  });
  return { ...place, services };
}
