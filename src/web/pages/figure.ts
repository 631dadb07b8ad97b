// A graph on a page: the words around it, its picture for readers without scripts, and the links to its data.

import { directorName, isOfDirector, nameWithin, pathOfName } from '../../model/names/name.js';
import { isUncertain, type Outbound, unseenReason } from '../../model/service/outbound.js';
import { stackWords } from '../../render/define/define-stack.js';
import type { GraphType, Span, TogetherType } from '../../render/define/graph-request.js';
import {
  isProcessorType,
  isShareType,
  pictureSizePx,
  stackTypeOf,
  tileSizePx,
} from '../../render/define/graph-request.js';
import { formatShows } from '../../render/define/heading.js';
import { formatFigure } from '../../render/look/si-format.js';
import { graphKinds, isOutward, quantitiesOf } from '../../render/series/quantity.js';
import type { Board, Means } from '../data/board.js';
import type { NamedArchive } from '../data/catalogue.js';
import { stretchQuery, type View, viewQuery } from '../view.js';

/** A figure, ready for its template. */
export interface Figure {
  readonly kind: 'graph' | 'stack';
  readonly name: string;
  readonly type: GraphType | TogetherType;
  readonly size: 'card' | 'tile';
  readonly isShare: boolean;
  readonly href: string;
  readonly endpoint: string;
  readonly protocol: string;
  readonly hosts: string;
  readonly shows: string;
  readonly alt: string;
  /** The picture as a file. */
  readonly png: string;
  /** The picture on the page. */
  readonly shown: string;
  /** Pictures for dark pages and narrow screens; the first match counts. */
  readonly variants: readonly { readonly media: string; readonly png: string }[];
  readonly csv: string;
  readonly json: string;
  readonly widthPx: number;
  readonly heightPx: number;
}

/** The common properties of a page's figures. */
export interface FigureGround {
  readonly basePath: string;
  readonly view: View;
  readonly span: Span;
  /** The time zone that a reader chose; null for the server's. */
  readonly zone: string | null;
  /** The page says that this is a demonstration, so its pictures need not. */
  readonly isNoted: boolean;
  readonly board: Board;
}

/** The director, as a subject of figures. */
export const theDirector: Pick<NamedArchive, 'endpoint' | 'protocol' | 'hosts' | 'outbound'> & {
  readonly info: { readonly name: string };
} = {
  info: { name: directorName },
  endpoint: 'All services',
  protocol: '',
  hosts: [],
  outbound: { kind: 'no-server' },
};

/** The director's processors, as a subject of figures. */
export const theProcessors: typeof theDirector = { ...theDirector, endpoint: 'Processors' };

/** A graph of an archive, or a stack: of the director, its processors, or the real servers of a service. */
export function figureOf(
  { info: { name }, endpoint, protocol, hosts, outbound }: typeof theDirector,
  { type, size }: { readonly type: GraphType | TogetherType; readonly size: Figure['size'] },
  ground: FigureGround,
): Figure {
  const { basePath, view, span, zone, isNoted, board } = ground;
  const isDirector = name === directorName;
  const isStack = isDirector || isShareType(type);
  const shown = isShareType(type) || isProcessorType(type) ? stackTypeOf(type) : type;
  const { width: widthPx, height: heightPx } = size === 'tile' ? tileSizePx : pictureSizePx;
  const picture = pictureAddress(`${basePath}/graphs`, { name, type, view, zone });
  const of = isProcessorType(type) ? 'processors' : isDirector ? 'services' : 'real servers';
  const isShare = isStack && view.isShare;
  const shared = isShare ? ['share=1'] : [];
  const onPage = isNoted ? [...shared, 'note=0'] : shared;
  const table = isStack ? 'stack' : 'series';
  const data = [
    isDirector ? '' : `name=${encodeURIComponent(name)}`,
    `type=${type}`,
    stretchQuery(view.stretch),
    ...shared,
  ]
    .filter((part) => part !== '')
    .join('&');
  return {
    kind: isStack ? 'stack' : 'graph',
    name,
    type,
    size,
    isShare,
    href: `${basePath}/${pagePath(name, type)}${viewQuery(view)}`,
    endpoint,
    protocol,
    hosts: hosts.join(', '),
    shows: formatShows(isStack ? stackWords({ type: shown, isShare: view.isShare, of }) : graphKinds[shown], span),
    alt: describe({ endpoint, outbound, type: shown, span }, board.of(name)),
    png: picture([...sizeOf(size), ...shared]),
    shown: picture([...sizeOf(size), ...onPage]),
    variants: variantsOf(picture, { size, shared: onPage }),
    csv: `${basePath}/api/${table}.csv?${data}`,
    json: `${basePath}/api/${table}.json?${data}`,
    widthPx,
    heightPx,
  };
}

/** The page of a figure's subject. */
function pagePath(name: string, type: Figure['type']): string {
  if (isProcessorType(type)) return 'director';
  return archivePath(name);
}

/** The path of an archive's page, below the prefix; that of the director is the page of all services. */
export function archivePath(name: string): string {
  if (!isOfDirector(name)) return `service/${pathOfName(name)}`;
  return name === directorName ? 'all' : `director/${nameWithin(name)}`;
}

/** Figures that a page shows at once, and that follow in one group. */
const perGroup = 60;

/** Some figures of a page, made on demand. */
export type FigureGroup = () => readonly Figure[];

/**
 * The figures of a page in groups. Each but the first lies in a `noscript`: a browser that runs scripts treats it as text,
 * which costs next to nothing, and unpacks it when the first have been drawn (public/page/arrivals.ts).
 */
export function figureGroups<T>(subjects: readonly T[], make: (subject: T) => Figure): readonly FigureGroup[] {
  return Array.from(
    { length: Math.ceil(subjects.length / perGroup) },
    (_, group) => () => subjects.slice(group * perGroup, (group + 1) * perGroup).map(make),
  );
}

function sizeOf(size: Figure['size']): string[] {
  return size === 'tile' ? ['size=tile'] : [];
}

/** On a narrow screen a picture would shrink until it cannot be read: a tile replaces it. */
function variantsOf(
  picture: (variant: readonly string[]) => string,
  { size, shared }: { readonly size: Figure['size']; readonly shared: readonly string[] },
): Figure['variants'] {
  const dark = '(prefers-color-scheme: dark)';
  const narrow = '(max-width: 500px)';
  const [tile, own] = [
    [...sizeOf('tile'), ...shared],
    [...sizeOf(size), ...shared],
  ];
  return [
    ...(size === 'tile'
      ? []
      : [
          { media: `${narrow} and ${dark}`, png: picture([...tile, 'theme=dark']) },
          { media: narrow, png: picture(tile) },
        ]),
    { media: dark, png: picture([...own, 'theme=dark']) },
  ];
}

function pictureAddress(
  folder: string,
  { name, type, view: { stretch }, zone }: { name: string; type: string; view: View; zone: string | null },
): (variant: readonly string[]) => string {
  const [place, time] = stretch.kind === 'period' ? [stretch.period, []] : ['span', [stretchQuery(stretch)]];
  return (variant) => {
    const query = [...time, ...variant, ...(zone === null ? [] : [`zone=${encodeURIComponent(zone)}`])].join('&');
    return `${folder}/${place}/${pathOfName(name)}-${type}.png${query === '' ? '' : `?${query}`}`;
  };
}

/** The content of a picture, in words and numbers, for readers who cannot see it. */
function describe(
  { endpoint, outbound, type, span }: { endpoint: string; outbound: Outbound; type: GraphType; span: Span },
  figures: { readonly now: Means; readonly day: Means } | undefined,
): string {
  const { title, unit } = graphKinds[type];
  const isSilent = isUncertain(outbound) && isOutUnseen(graphFigures(figures?.day, type), outbound);
  const isPart = outbound.kind === 'partly' && graphKinds[type].quantities.some(({ per }) => per === 'Conns');
  const figuresText = (means: Means | undefined): string =>
    graphFigures(means, type)
      .map(({ label, isOut, value }, _, all) => {
        if (isOut && isPart) return `${label} not shown`;
        if (isOut && (isSilent || isOutUnseen(all, outbound))) return `${label} not visible here`;
        return `${label} ${Number.isNaN(value) ? 'unknown' : formatFigure(value)}`;
      })
      .join(', ');
  return `${title} of ${endpoint}, ${span.label}, in ${unit}: now ${figuresText(figures?.now)}; 24-hour mean ${figuresText(figures?.day)}`;
}

/** One figure of a graph; `isOut` marks outbound traffic. */
export interface GraphFigure {
  readonly label: string;
  readonly isOut: boolean;
  readonly value: number;
}

/** Is outbound traffic invisible here, rather than zero? If that is unknown, inbound traffic decides. */
export function isOutUnseen(figures: readonly GraphFigure[], outbound: Outbound): boolean {
  const out = figures.find(({ isOut }) => isOut);
  if (out === undefined || out.value > 0) return false;
  return (
    unseenReason(outbound) !== null || (isUncertain(outbound) && figures.some((one) => !one.isOut && one.value > 0))
  );
}

/** The figures of a graph from means of data sources; NaN if unknown, or without a divisor. */
export function graphFigures(means: Means | undefined, type: GraphType): GraphFigure[] {
  const meanOf = (name: string): number => means?.get(name) ?? Number.NaN;
  const quantities = quantitiesOf(graphKinds[type], [...(means?.keys() ?? [])]);
  return quantities.map(({ label, dataSource, per, scale }) => {
    const value = meanOf(dataSource) * scale;
    const own = per === undefined ? value : meanOf(per) > 0 ? value / meanOf(per) : Number.NaN;
    return { label, isOut: isOutward({ dataSource }), value: own };
  });
}
