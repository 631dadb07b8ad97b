// The map as DOT, read by Graphviz itself: every name is a label, whatever it would be in DOT, HTML or XML.

import { spawnSync } from 'node:child_process';
import { describe, expect, test } from 'vitest';
import { dotText } from '../../src/map/format/dot.js';
import { nameOfNode } from '../../src/model/map/fleet-map.js';
import { visibleLine } from '../../src/model/text/visible.js';
import { fifty, hostile } from './drawn-maps.js';

const hasGraphviz = spawnSync('dot', ['-V']).status === 0;

/** Graphviz's drawing of a text, and its complaints. */
function drawn(text: string) {
  const { status, stdout, stderr } = spawnSync('dot', ['-Tsvg'], { input: text, encoding: 'utf8', maxBuffer: 2 ** 26 });
  return { status, svg: stdout, complaints: stderr };
}

/** The characters of a text of XML. */
function decoded(xml: string): string {
  const named: Readonly<Record<string, string>> = { lt: '<', gt: '>', amp: '&', quot: '"', apos: "'" };
  return xml.replaceAll(/&(?:#x([0-9a-f]+)|#(\d+)|(\w+));/gi, (_, hex?: string, decimal?: string, name = '') =>
    hex === undefined && decimal === undefined
      ? (named[name] ?? `?${name}?`)
      : String.fromCodePoint(hex === undefined ? Number(decimal) : Number.parseInt(hex, 16)),
  );
}

/** The texts that a drawing shows, with plain blanks. */
function textsOf(svg: string): readonly string[] {
  return [...svg.matchAll(/<text [^>]*>([^<]*)<\/text>/g)].map(([, own = '']) =>
    decoded(own).replaceAll('\u00a0', ' '),
  );
}

describe.skipIf(!hasGraphviz)('(needs graphviz) Graphviz', () => {
  test('draws a map without a complaint, with a node for each of its nodes and an edge for each of its edges', () => {
    const { status, svg, complaints } = drawn(dotText(fifty));
    expect([status, complaints]).toEqual([0, '']);
    expect(svg.match(/class="node"/g)).toHaveLength(fifty.nodes.length);
    expect(svg.match(/class="edge"/g)).toHaveLength(fifty.edges.length);
    expect(svg.match(/class="cluster"/g)).toHaveLength(2);
    expect(textsOf(svg)).toEqual(expect.arrayContaining(['web', 'db', ...fifty.nodes.map(nameOfNode)]));
  });

  test('shows names that are markup as they are, and nothing that leads anywhere', () => {
    const map = hostile();
    const { status, svg, complaints } = drawn(dotText(map));
    expect([status, complaints]).toEqual([0, '']);
    expect(svg.match(/class="node"/g)).toHaveLength(map.nodes.length);
    const shown = textsOf(svg);
    for (const node of map.nodes) {
      // XML has no halves of characters.
      const name = visibleLine(nameOfNode(node)).replaceAll(/[\p{Cs}\uffff]/gu, '');
      if (name !== '') expect(shown.map((text) => text.replaceAll(/[\p{Cs}\ufffd\uffff]/gu, ''))).toContain(name);
    }
    expect(svg).not.toMatch(/<script|xlink:href|<image/);
  });

  test.each([
    ['is cut', (text: string) => text.slice(0, -3)],
    ['lacks an escape', (text: string) => text.replace('\\"', '"')],
    ['has a quote too few', (text: string) => text.replace('label="', 'label=')],
  ])('refuses one that %s', (_, damage) => {
    const text = dotText(hostile());
    expect(damage(text)).not.toBe(text);
    expect(drawn(damage(text)).complaints).toContain('syntax error');
  });
});
