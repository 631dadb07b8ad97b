// The part of the policy about links between hosts.
//
//   links:
//     lost: 8
//     watch: [{agents: 'web*', to: [10.1.2.3, '10.1.2.3:3306']}, {role: db, to: [10.1.9.1]}]

import { mostDirectorLinks } from '../../model/links/report.js';
import { parseTarget, targetText } from '../../model/links/target.js';
import { type LinksPolicy, standardLinks, type WatchRule } from '../../model/policy/links.js';
import { checked, type Form, fields, list, number, part, text, value } from './form.js';

/** Fewer would make a loss of half a minute, which costs three pings, or two such losses, a cut. */
const [fewestLost, mostLost] = [7, 10];

const target = value({
  values: 'an address, or an address and a port, such as "10.1.2.3:3306"',
  about: 'what these agents watch, beside what they choose themselves',
  parse: (read) => {
    const parsed = parseTarget(read);
    if (parsed === null) throw new Error('write an address, such as 10.1.2.3, "10.1.2.3:3306" or "[2001:db8::1]:3306"');
    if (parsed.address === '::1' || parsed.address.startsWith('127.')) {
      throw new Error('write an address that other hosts can reach: each agent pings its own loopback anyway');
    }
    return targetText(parsed);
  },
});

/** No agent gets more than all of them, so that none of its pinned links can be left out. */
const watch = checked(
  list(
    fields(
      {
        agents: text('the agents: a name or a pattern with *', { values: 'text', most: 63 }),
        role: text('the agents: their role, by the topology or as they state it', { values: 'a name', most: 253 }),
        to: list(target, mostDirectorLinks),
      },
      { required: ['to'], oneOf: ['agents', 'role'] },
    ),
    1000,
  ),
  (rules) => {
    const count = rules.reduce((sum, { to }) => sum + to.length, 0);
    if (count > mostDirectorLinks) throw new Error(`its rules have ${count} targets, ${mostDirectorLinks} at most`);
  },
);

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
  watch,
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
      watch: (read.watch ?? []).map(({ agents = null, role = null, to }): WatchRule => ({ agents, role, to })),
    };
  },
};
