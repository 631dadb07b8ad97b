// Findings of redundancy in words: which loss a service does not survive, and why.

import { countOf } from '../text/count-of.js';
import type { FindingNumbers } from './finding.js';

/** The sentence: "does not survive the loss of rack tx/r01, which has all of its 4 usable real servers". */
export function redundancyText({ numbers }: { readonly numbers: FindingNumbers }): string {
  const { services, unit, state, servers, part } = numbers;
  const many = Number(services);
  const why =
    state === 'lost'
      ? servers === 1
        ? 'its only usable real server'
        : `which has all of its ${servers} usable real servers`
      : `after which a real server would have had ${Math.round(100 * Number(part))} % of the most it ever held, at the peak of the last 30 days`;
  if (many > 1)
    return `${countOf(many, 'service does', 'services do')} not survive what they have to; the first: ${numbers['first']}, the loss of ${unit}, ${why}`;
  return `does not survive the loss of ${unit}, ${why}`;
}
