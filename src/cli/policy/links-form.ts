// The part of the policy about links between hosts.
//
//   links: {lost: 8, lossy: 20 %, slow-factor: 4, slow-ms: 20}

import { type LinksPolicy, standardLinks } from '../../model/policy/links.js';
import { type Form, fields, number, part, value } from './form.js';

/** Fewer would make a loss of half a minute, which costs three pings, or two such losses, a cut. */
const [fewestLost, mostLost] = [7, 10];

const links = fields({
  lost: value({
    values: `a whole number from ${fewestLost} to ${mostLost}`,
    about: 'lost pings among the newest ten that make a link lost',
    parse: (text) => {
      const read = /^\d{1,2}$/.test(text) ? Number(text) : 0;
      if (read < fewestLost || read > mostLost)
        throw new Error(`write a whole number from ${fewestLost} to ${mostLost}`);
      return read;
    },
  }),
  lossy: part('the part of the newest 30 pings over a link from which it is lossy'),
  'slow-factor': number('how many times the usual round trip is slow', 1),
  'slow-ms': number('milliseconds above the usual round trip from which it is slow; both must hold', 0),
});

/** The form. */
export const linksPart: Form<LinksPolicy> = {
  keys: links.keys,
  read: (node, spot) => {
    const read = links.read(node, spot);
    const { lostOfTen, lossy, slowFactor, slowMs } = standardLinks.thresholds;
    return {
      thresholds: {
        lostOfTen: read.lost ?? lostOfTen,
        lossy: read.lossy ?? lossy,
        slowFactor: read['slow-factor'] ?? slowFactor,
        slowMs: read['slow-ms'] ?? slowMs,
      },
    };
  },
};
