// The force layout: a button that lets a worker place the nodes of the map that is shown, instead of the columns. All edges are two paths, so
// that ten thousand of them are as quick to draw as ten.

import type { MapPage } from './map-page.js';
import type { PlacedNode, ToPlace } from './placing.js';

const svgNames = 'http://www.w3.org/2000/svg';

/** Nodes with names; more would cover each other. */
const mostNamed = 150;

interface MapNode {
  readonly id: string;
  readonly kind: string;
  readonly members: readonly string[];
}

interface MapEdge {
  readonly from: string;
  readonly to: string;
  readonly lost: number;
}

interface MapData {
  readonly nodes: readonly MapNode[];
  readonly edges: readonly MapEdge[];
}

/** Lets the button switch between columns and the force layout. */
export function setUpForce(main: HTMLElement, page: MapPage): void {
  const force = new ForceLayout(main);
  main.addEventListener('click', ({ target }) => {
    if (target instanceof Element && target.closest('#force') !== null) void force.toggle();
  });
  page.onRenewed(() => void force.renew());
}

class ForceLayout {
  readonly #main: HTMLElement;
  #isOn = false;
  #worker: Worker | null = null;

  constructor(main: HTMLElement) {
    this.#main = main;
  }

  async toggle(): Promise<void> {
    this.#isOn = !this.#isOn;
    await this.renew();
  }

  /** Draws what is shown now, if the layout is on. */
  async renew(): Promise<void> {
    this.#worker?.terminate();
    this.#worker = null;
    const button = this.#main.querySelector('#force');
    button?.setAttribute('aria-pressed', String(this.#isOn));
    this.#main.querySelector('svg.force')?.remove();
    this.#main.querySelector('.canvas')?.classList.toggle('forced', this.#isOn);
    if (!this.#isOn) return;
    const api = this.#main.querySelector('.files a')?.getAttribute('href') ?? '';
    const worker = new Worker(this.#main.dataset['worker'] ?? '', { type: 'module' });
    this.#worker = worker;
    const answer = await fetch(api, { headers: { accept: 'application/json' } }).catch(() => null);
    if (this.#worker !== worker) return;
    if (answer?.ok !== true) {
      this.#isOn = false;
      await this.renew();
      return;
    }
    const data = (await answer.json()) as MapData;
    worker.addEventListener('message', ({ data: placed }: MessageEvent<readonly PlacedNode[]>) => {
      if (this.#worker === worker) this.#draw(data, placed);
    });
    worker.postMessage(toPlace(data));
  }

  #draw(data: MapData, placed: readonly PlacedNode[]): void {
    const stage = this.#main.querySelector('.canvas');
    if (stage === null) return;
    const fresh = drawing(data, placed, { href: hrefs(this.#main), drawn: drawnNodes(stage) });
    const old = stage.querySelector('svg.force');
    if (old === null) stage.append(fresh);
    else old.replaceWith(fresh);
  }
}

function toPlace({ nodes, edges }: MapData): ToPlace {
  const numbers = new Map(nodes.map(({ id }, i) => [id, i]));
  const number = (id: string): number => numbers.get(id) ?? 0;
  return {
    sizes: nodes.map(sizeOf),
    edges: edges.map(({ from, to }) => [number(from), number(to)] as const),
  };
}

/** The radius of a node: a folded group is as large as it has members. */
function sizeOf({ members, kind }: MapNode): number {
  return ['role', 'dc', 'rack'].includes(kind) ? Math.min(26, 8 + 2 * Math.sqrt(members.length)) : 5;
}

/** The addresses of nodes, as the columns have them. */
function hrefs(main: HTMLElement): (label: string) => string {
  const base = main.dataset['map'] ?? '';
  return (id) => {
    const url = new URL(location.href);
    for (const name of ['from', 'to']) url.searchParams.delete(name);
    url.searchParams.set('node', id);
    return `${base}${url.search}`;
  };
}

/** A node as the columns show it, with its findings. */
interface DrawnNode {
  readonly state: string;
  readonly label: string;
}

/** The nodes of the columns, by id. */
function drawnNodes(stage: Element): ReadonlyMap<string, DrawnNode> {
  const links = [...(stage.querySelector('svg:not(.force)')?.querySelectorAll<SVGAElement>('a[data-node]') ?? [])];
  return new Map(
    links.map((link) => {
      const id = new URL(link.getAttribute('href') ?? '', location.href).searchParams.get('node') ?? '';
      // A folded group has its state at its column.
      const own = link.classList.contains('cell') ? link : link.closest('.column');
      const state = ['critical', 'warning', 'notice', 'lost', 'selected'].filter((one) => own?.classList.contains(one));
      return [id, { state: state.join(' '), label: link.getAttribute('aria-label') ?? '' }] as const;
    }),
  );
}

interface DrawingGround {
  readonly href: (id: string) => string;
  readonly drawn: ReadonlyMap<string, DrawnNode>;
}

function drawing({ nodes, edges }: MapData, placed: readonly PlacedNode[], ground: DrawingGround): SVGSVGElement {
  const [left, top] = [Math.min(...placed.map(({ x }) => x)) - 40, Math.min(...placed.map(({ y }) => y)) - 30];
  const [right, bottom] = [Math.max(...placed.map(({ x }) => x)) + 40, Math.max(...placed.map(({ y }) => y)) + 40];
  const svg = made('svg', { class: 'force', viewBox: `${left} ${top} ${right - left} ${bottom - top}`, role: 'group' });
  // A small map is not blown up.
  svg.style.maxWidth = `${Math.round(2 * (right - left))}px`;
  svg.setAttribute('aria-label', 'Who talks to whom, by force layout');
  const at = new Map(nodes.map(({ id }, i) => [id, placed[i] ?? { x: 0, y: 0 }]));
  const pathOf = (own: readonly MapEdge[]): string =>
    own
      .map(({ from, to }) => {
        const [a, b] = [at.get(from) ?? { x: 0, y: 0 }, at.get(to) ?? { x: 0, y: 0 }];
        return `M${a.x.toFixed(1)} ${a.y.toFixed(1)}L${b.x.toFixed(1)} ${b.y.toFixed(1)}`;
      })
      .join('');
  const lost = edges.filter((edge) => edge.lost > 0);
  const ends = new Set(lost.flatMap(({ from, to }) => [from, to]));
  svg.append(
    made('path', { class: 'edges', d: pathOf(edges.filter((edge) => edge.lost === 0)) }),
    made('path', { class: 'edges lost', d: pathOf(lost) }),
    ...nodes.map((node, i) => nodeElement(node, { ...ground, at, isLost: ends.has(node.id), isFirst: i === 0 })),
    ...(nodes.length > mostNamed ? [] : nodes.map((node) => nameElement(node, at.get(node.id) ?? { x: 0, y: 0 }))),
  );
  return svg;
}

interface NodeGround extends DrawingGround {
  readonly at: ReadonlyMap<string, PlacedNode>;
  readonly isLost: boolean;
  readonly isFirst: boolean;
}

function nodeElement(node: MapNode, { at, href, drawn, isLost, isFirst }: NodeGround): SVGElement {
  // The others are reached by arrow keys.
  const tabindex = isFirst ? '0' : '-1';
  const { x, y } = at.get(node.id) ?? { x: 0, y: 0 };
  const name = node.id.slice(node.id.indexOf(':') + 1);
  // The page shows a thousand nodes one by one; a layout may have more, which have no findings.
  const { state, label } = drawn.get(node.id) ?? { state: isLost ? 'lost' : '', label: name };
  const link = made('a', {
    href: href(node.id),
    'data-node': '',
    'aria-label': label,
    class: state,
    tabindex,
  });
  const title = made('title', {});
  title.textContent = label;
  link.append(title, made('circle', { cx: x.toFixed(1), cy: y.toFixed(1), r: sizeOf(node).toFixed(1) }));
  return link;
}

function nameElement(node: MapNode, { x, y }: PlacedNode): SVGElement {
  const text = made('text', { x: x.toFixed(1), y: (y + sizeOf(node) + 10).toFixed(1), 'aria-hidden': 'true' });
  text.textContent = node.id.slice(node.id.indexOf(':') + 1);
  return text;
}

function made<K extends keyof SVGElementTagNameMap>(
  name: K,
  attributes: Readonly<Record<string, string>>,
): SVGElementTagNameMap[K] {
  const element = document.createElementNS(svgNames, name);
  for (const [key, value] of Object.entries(attributes)) element.setAttribute(key, value);
  return element;
}
