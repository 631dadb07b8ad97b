// Depictions of probes and of their values with labels.

import type { ProbeAbout, ProbeParts, ProbeValueAbout } from '../../model/kinds/probe.js';
import { labelsText } from '../../model/names/probe-name.js';
import { probeTypes } from '../define/graph-request.js';
import type { Depiction } from './depiction.js';

/** A probe. */
export const probe: Depiction<ProbeAbout, ProbeParts> = {
  namesOf: ({ of }) => ({ endpoint: of.probe, protocol: 'probe' }),
  graphTypes: () => probeTypes,
  togetherTypes: [],
  partOf: null,
  factsOf: ({ reads, isSum }) => [
    ['reads', `a ${reads}`],
    ['value', isSum ? 'the sum of its values' : 'a number'],
  ],
};

/** A value with labels. */
export const probeValue: Depiction<ProbeValueAbout, ProbeParts> = {
  namesOf: ({ of }) => ({ endpoint: `${labelsText(of.labels)} of ${of.probe}`, protocol: 'probe' }),
  isShortInLegends: true,
  graphTypes: () => probeTypes,
  togetherTypes: [],
  partOf: null,
  factsOf: () => [],
};
