// The parts of the policy about redundancy: what services have to survive, and which directors stand in for each other.
//
//   redundancy: [{match: "*", survive: host}, {match: "198.51.100.*", survive: rack}]
//   groups: [{name: edge, directors: [lb1, lb2]}]

import {
  type DirectorGroup,
  type Redundancy,
  type RequiredLevel,
  requiredLevels,
} from '../../model/policy/redundancy.js';
import { maxPattern } from '../../model/policy/silence.js';
import { type Form, fields, list, text, value } from './form.js';

const rules = list(
  fields(
    {
      match: text('the services: an address, a name or a pattern', {
        values: 'as in --match, without host names',
        most: maxPattern,
      }),
      survive: value<RequiredLevel>({
        values: requiredLevels.join(', '),
        about: 'the loss that these services have to survive; of several, the largest',
        parse: (read) => {
          const level = requiredLevels.find((one) => one === read);
          if (level === undefined) throw new Error(`write ${requiredLevels.join(', ')}`);
          return level;
        },
      }),
    },
    { required: ['match', 'survive'] },
  ),
);

/** The form of the losses that services have to survive. */
export const redundancyPart: Form<Redundancy> = {
  keys: rules.keys,
  read: (node, spot) => rules.read(node, spot).map(({ match, survive }) => ({ of: match, level: survive })),
};

const name = { values: 'a name', most: 253 };

/** The form of the groups of directors. */
export const groupsPart: Form<readonly DirectorGroup[]> = list(
  fields(
    {
      name: text('the name of a group of directors, each of which can do the work of the others', name),
      directors: list(text('their names, as in --director', name)),
    },
    { required: ['name', 'directors'] },
  ),
);
