// Depictions of the director and its parts.

import type { DirectorAbout, PartParts } from '../../model/kinds/director.js';
import type { AnyAbout } from '../../model/kinds/kind.js';
import { counterTypes, graphTypes, processorTypes, stackTypes, tableTypes } from '../define/graph-request.js';
import type { Depiction } from './depiction.js';

/** The director: stacks of its services, heat maps of its processors; programs may request graphs of its sums. */
export const director: Depiction<DirectorAbout, DirectorAbout> = {
  namesOf: () => ({ endpoint: 'All services', protocol: '' }),
  graphTypes: () => graphTypes,
  togetherTypes: [...stackTypes, ...processorTypes],
  partOf: null,
  factsOf: () => [],
};

const part = { togetherTypes: [], partOf: null, factsOf: () => [] } as const;

/** The kernel's totals. */
export const totals: Depiction<AnyAbout, PartParts> = {
  ...part,
  namesOf: () => ({ endpoint: 'Director, as its kernel counts', protocol: '' }),
  graphTypes: () => counterTypes,
};

/** A processor. */
export const processor: Depiction<AnyAbout, PartParts> = {
  ...part,
  namesOf: (parts) => ({ endpoint: `Processor ${parts.part.slice('cpu_'.length)}`, protocol: '' }),
  graphTypes: () => counterTypes,
  partOf: 'processors',
};

/** The table of connections. */
export const connectionTable: Depiction<AnyAbout, PartParts> = {
  ...part,
  namesOf: () => ({ endpoint: 'Connection table', protocol: '' }),
  graphTypes: () => tableTypes,
};
