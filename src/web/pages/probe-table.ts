// The probes of the policy, and the values of a probe with labels, as rows of words and figures.

import { findingTitles } from '../../model/finding/finding-text.js';
import { formatLocal } from '../../render/look/local-time.js';
import { formatFigure } from '../../render/look/si-format.js';
import type { Figures } from '../data/board.js';
import type { NamedArchive, ServiceEntry } from '../data/catalogue.js';
import { siteVerdict } from '../now/findings.js';
import type { Site } from '../site.js';
import { viewQuery } from '../view.js';
import { type FigureGround, graphFigures } from './figure.js';
import { hrefOf } from './proxy-table.js';

/** One probe in the list, or one value on the page of its probe. */
export interface ProbeRow {
  readonly href: string;
  readonly endpoint: string;
  /** As of the newest row. */
  readonly value: string;
  /** The number of values with labels; empty if it has none. */
  readonly values: string;
  /** Its findings, or since when it has been gone. */
  readonly state: string;
  readonly isGone: boolean;
  readonly isCurrent: boolean;
}

/** Knowledge behind the rows. */
export interface ProbeGround {
  readonly timeZone: string;
  /** The worst finding of an archive; '' if all is well. */
  readonly stateOf: (archive: string) => string;
}

/** Rows of probes. */
export function probeRows(
  probes: readonly ServiceEntry[],
  ground: FigureGround,
  own: ProbeGround,
): readonly ProbeRow[] {
  const query = viewQuery(ground.view, { search: '', sort: 'busiest', top: '20' });
  return probes.map((probe) => {
    const figures = probe.info.goneS === null ? ground.board.of(probe.info.name) : undefined;
    const live = probe.realServers.filter(({ info }) => info.goneS === null).length;
    const values = probe.realServers.length === 0 ? '' : String(live);
    return { ...probeRow(probe, figures, own), href: hrefOf(ground, probe, query), values };
  });
}

/** The row of one, as far as it is the same on every page. */
export function probeRow({ info, endpoint }: NamedArchive, figures: Figures | undefined, own: ProbeGround): ProbeRow {
  const { goneS, name } = info;
  const [now] = graphFigures(figures?.now, 'value');
  return {
    href: '',
    endpoint,
    value: formatFigure(now?.value ?? Number.NaN),
    values: '',
    state: goneS === null ? own.stateOf(name) : `gone since ${formatLocal(own.timeZone, goneS)}`,
    isGone: goneS !== null,
    isCurrent: false,
  };
}

/** The title of the worst finding of an archive; '' if there is none. */
export function worstFindingOf(site: Site): (archive: string) => string {
  const { findings } = siteVerdict(site);
  return (archive) => {
    const own = findings.find(({ archives }) => archives.includes(archive));
    return own === undefined ? '' : findingTitles[own.kind];
  };
}
