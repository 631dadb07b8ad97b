// The map as Cypher, read by Neo4j's parser, which ANTLR made from the grammar of openCypher: each line is one statement of the clauses that we
// write, whatever the names in it are.

import { CypherLexer, CypherParser, type ParsedTree } from '@neo4j-cypher/antlr4';
import antlr4 from '@neo4j-cypher/antlr4-browser';
import { describe, expect, test } from 'vitest';
import { cypherText } from '../../src/map/format/cypher.js';
import { fifty, hostile, names } from './drawn-maps.js';

/** The tree of a text, and what is wrong with it. */
function parsed(text: string): { readonly tree: ParsedTree; readonly errors: readonly string[] } {
  const errors: string[] = [];
  const nothing = (): void => {};
  const listener = {
    syntaxError: (_: unknown, __: unknown, line: number, column: number, message: string) => {
      errors.push(`${line}:${column} ${message}`);
    },
    ...{ reportAmbiguity: nothing, reportAttemptingFullContext: nothing, reportContextSensitivity: nothing },
  };
  const listening = <T extends { removeErrorListeners(): void; addErrorListener(own: object): void }>(own: T): T => {
    own.removeErrorListeners();
    own.addErrorListener(listener);
    return own;
  };
  const lexer = listening(new CypherLexer(new antlr4.InputStream(text)));
  const tree = listening(new CypherParser(new antlr4.CommonTokenStream(lexer))).cypher();
  return { tree, errors };
}

/** The texts of the parts of a tree that a rule of the grammar describes, outermost only. */
function partsOf(tree: ParsedTree, rule: string): readonly string[] {
  if (tree.constructor.name === `${rule}Context`) return [tree.getText()];
  return (tree.children ?? []).flatMap((own) => partsOf(own, rule));
}

/** The kinds of clauses of a tree, in their order. */
function clausesOf(tree: ParsedTree): readonly string[] {
  const [, clause] = /^(\w+)ClauseContext$/.exec(tree.constructor.name) ?? [];
  return clause === undefined ? (tree.children ?? []).flatMap(clausesOf) : [clause];
}

/** The value of a string literal. */
function literalValue(literal: string): string {
  return literal.slice(1, -1).replaceAll(/\\(?:u([0-9a-f]{4})|(.))/g, (_, hex: string | undefined, plain: string) => {
    return hex === undefined ? plain : String.fromCharCode(Number.parseInt(hex, 16));
  });
}

describe('each line for names that are markup', () => {
  const lines = cypherText(hostile()).split('\n');

  test.each(names.map((name, i) => [JSON.stringify(name), i] as const))(
    'of a node %s is a MERGE and a SET with the name as its values',
    (_, i) => {
      const { tree, errors } = parsed(lines[i] ?? '');
      expect(errors).toEqual([]);
      expect(partsOf(tree, 'CypherPart')).toHaveLength(1);
      expect(clausesOf(tree)).toEqual(['Merge', 'Set']);
      const name = names[i] ?? '';
      const values = [`host:${name}`, name, 'host', name, name, name];
      expect(partsOf(tree, 'StringLiteral').map(literalValue)).toEqual(values);
      expect(
        partsOf(tree, 'SetItem')
          .map((item) => item.split(' = ')[0])
          .slice(1),
      ).toEqual(['name', 'kind', 'role', 'dc', 'members'].map((key) => `n.${key}`));
      expect(partsOf(tree, 'NodeLabel')).toHaveLength(2);
    },
  );

  test.each(names.map((name, i) => [JSON.stringify(name), i] as const))(
    'of an edge from %s is a MATCH, a MERGE and a SET',
    (_, i) => {
      const { tree, errors } = parsed(lines[names.length + i] ?? '');
      expect(errors).toEqual([]);
      expect(clausesOf(tree)).toEqual(['Match', 'Merge', 'Set']);
      expect(partsOf(tree, 'StringLiteral').map(literalValue)).toEqual([`host:${names[i]}`, `host:${names[0]}`]);
      expect(partsOf(tree, 'RelationshipTypes')).toEqual([':TALKS_TO']);
      expect(partsOf(tree, 'SetItem')).toEqual(['r.connections = null', 'r.links = 2', 'r.lost = 1', 'r.stale = 1']);
    },
  );
});

test('a whole map is as many statements as it has nodes and edges', () => {
  const map = { nodes: fifty.nodes.slice(0, 20), edges: fifty.edges.slice(0, 60) };
  const { tree, errors } = parsed(cypherText(map));
  expect(errors).toEqual([]);
  expect(clausesOf(tree)).toEqual([
    ...map.nodes.flatMap(() => ['Merge', 'Set']),
    ...map.edges.flatMap(() => ['Match', 'Merge', 'Set']),
  ]);
});

const [node = '', edge = ''] = [
  cypherText(fifty),
  cypherText(fifty).split('\n').slice(fifty.nodes.length).join('\n'),
].map((text) => text.split('\n')[0]);

test.each([
  ['a literal that does not end', node.replace("'host:web0'", "'host:web0")],
  ['a literal with a quote inside', node.replace("'web0'", "'we'b0'")],
  ['a label with a backtick inside', node.replace('`web`', '`we`b`')],
  ['an empty value', node.replace("n.kind = 'host'", 'n.kind = ')],
  ['a list that does not end', node.replace(']', '')],
  ['a relation without an end', edge.replace(']->', '->')],
  ['a cut line', edge.slice(0, -12)],
])('the parser refuses %s', (_, damaged) => {
  expect([node, edge]).not.toContain(damaged);
  expect(parsed(damaged).errors).not.toEqual([]);
});
