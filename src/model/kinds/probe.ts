// Probes and their values with labels: `probe_stale_flows`, `probe_stale_flows/bridge=br0`.

import {
  labelsText,
  type ProbeId,
  parseProbeArchive,
  probeArchive,
  probePrefix,
  resolveProbeArchive,
} from '../names/probe-name.js';
import { gauge, type Kind, type SourceTraits } from './kind.js';

/** The probes of the policy. */
export const probes: SourceTraits = {
  name: 'probes',
  seesAllReplies: true,
  witness: 'top',
  tops: { one: 'probe', words: 'probes', field: 'probes' },
  members: { one: 'labelled value', words: 'labelled values', field: 'values' },
  isListed: true,
  isOfGroup: false,
};

/** Description of a probe: what it reads, and whether its value is the sum of values with labels. */
export type ProbeAbout = { readonly kind: 'probe'; readonly reads: 'command' | 'file'; readonly isSum: boolean };

/** Description of a value with labels. */
export type ProbeValueAbout = { readonly kind: 'probe-value' };

/** A parsed name. */
export type ProbeParts = { readonly kind: 'probe'; readonly of: ProbeId };

/** A probe: its value, or the sum of its values with labels. */
export const probe: Kind<ProbeAbout, ProbeParts> = {
  ...shared((id) => id.labels.length === 0),
  kind: 'probe',
  level: 'top',
  ownName: ({ of }) => `probe ${of.probe}`,
  aboutOf: () => ({ kind: 'probe', reads: 'command', isSum: false }),
};

/** One of its values with labels. */
export const probeValue: Kind<ProbeValueAbout, ProbeParts> = {
  ...shared((id) => id.labels.length > 0),
  kind: 'probe-value',
  level: 'member',
  ownName: ({ of }) => labelsText(of.labels),
  aboutOf: () => ({ kind: 'probe-value' }),
};

function shared(isOwn: (id: ProbeId) => boolean) {
  return {
    source: probes,
    rank: 2,
    hasStandingPictures: false,
    measures: [gauge('Value', 'number')],
    measureSet: 'probe',
    prefix: probePrefix,
    parse: (name) => {
      const of = parseProbeArchive(name);
      return of !== null && isOwn(of) ? { kind: 'probe', of } : null;
    },
    format: ({ of }) => probeArchive(of),
    resolve: resolveProbeArchive,
    written: ({ of }) => probeArchive(of).slice(probePrefix.length),
  } satisfies Partial<Kind<{ readonly kind: string }, ProbeParts>>;
}
