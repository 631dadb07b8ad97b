// The parts of Neo4j's parser of Cypher that tests use; the packages have no types.

declare module '@neo4j-cypher/antlr4-browser' {
  const antlr4: {
    readonly InputStream: new (text: string) => object;
    readonly CommonTokenStream: new (lexer: object) => object;
  };
  // biome-ignore lint/style/noDefaultExport: that is what the package has.
  export default antlr4;
}

declare module '@neo4j-cypher/antlr4' {
  interface Reader {
    removeErrorListeners(): void;
    addErrorListener(listener: object): void;
  }
  export interface ParsedTree {
    readonly children?: readonly ParsedTree[] | null;
    getText(): string;
  }
  export const CypherLexer: new (input: object) => Reader;
  export const CypherParser: new (tokens: object) => Reader & { cypher(): ParsedTree };
}
