// The servers that a configuration of nginx passes requests to: `server` in `upstream`, and the literal addresses of `proxy_pass` and its like.
// Addresses with variables are known only to nginx, and sockets are on this host. https://nginx.org/en/docs/http/ngx_http_upstream_module.html
//
//   upstream app { server 10.1.2.3:8080; server app2.example.com backup; server unix:/run/app.sock; }
//   location / { proxy_pass http://10.1.2.9:8080/; }

import { type NamedTarget, parseNamedTarget } from './named-target.js';

/** A directive: its words, and those above it, outermost first. */
export interface Directive {
  readonly words: readonly string[];
  readonly within: readonly string[];
}

/** The directives of a text, in order. Throws an `Error` with the line where a block or a quote does not end. */
export function parseDirectives(text: string): readonly Directive[] {
  const found: Directive[] = [];
  const within: string[] = [];
  let words: string[] = [];
  for (const { word, kind, line } of tokensOf(text)) {
    if (kind === 'word') words.push(word);
    else if (word === '}') {
      if (within.pop() === undefined || words.length > 0) throw new Error(`line ${line}: unexpected "}"`);
    } else {
      if (words.length > 0) found.push({ words, within: [...within] });
      if (word === '{') within.push(words[0] ?? '');
      words = [];
    }
  }
  if (within.length > 0 || words.length > 0) throw new Error('it ends within a block or a directive');
  return found;
}

interface Token {
  readonly word: string;
  readonly kind: 'word' | 'sign';
  readonly line: number;
}

/** Blanks, comments, signs, quoted words, words; `$` with braces is a variable. */
const token =
  /\s+|#[^\n]*|([{};])|"((?:[^"\\]|\\[\s\S])*)"|'((?:[^'\\]|\\[\s\S])*)'|((?:\$\{[^}\n]*\}|\\[\s\S]|[^\s{};"'\\])(?:\$\{[^}\n]*\}|\\[\s\S]|[^\s{};\\])*)/y;

function* tokensOf(text: string): Generator<Token> {
  let line = 1;
  token.lastIndex = 0;
  while (token.lastIndex < text.length) {
    const at = token.lastIndex;
    const match = token.exec(text);
    if (match === null) throw new Error(`line ${line}: "${text.slice(at, at + 20).split('\n')[0]}" is not understood`);
    const [all, sign, double, single, plain] = match;
    if (sign !== undefined) yield { word: sign, kind: 'sign', line };
    const word = double ?? single ?? plain;
    if (word !== undefined) yield { word: word.replaceAll(/\\(["'\\])/g, '$1'), kind: 'word', line };
    line += all.split('\n').length - 1;
  }
}

const passing = /^(proxy|grpc|fastcgi|uwsgi|scgi|memcached)_pass$/;
const schemes: Readonly<Record<string, number>> = { http: 80, https: 443, grpc: 80, grpcs: 443 };

/** The servers that directives name. */
export function targetsOf(directives: readonly Directive[]): readonly NamedTarget[] {
  const upstreams = new Set(
    directives.filter(({ words }) => words[0] === 'upstream').map(({ words }) => words[1] ?? ''),
  );
  return directives.flatMap(({ words: [name = '', value = '', ...more], within }): readonly NamedTarget[] => {
    const isServer = name === 'server' && within.at(-1) === 'upstream';
    if ((!isServer && !passing.test(name)) || /\$|^unix:/.test(value) || more.includes('down')) return [];
    const [, scheme, place = value] = /^([a-z]+):\/\/(?!unix:)([^/]*)/i.exec(value) ?? [];
    if (place.startsWith('unix:') || value.includes('://unix:') || upstreams.has(place)) return [];
    const target = parseNamedTarget(place);
    if (target === null) return [];
    // Servers of an upstream listen on port 80 unless they say otherwise.
    const usual = isServer ? 80 : schemes[scheme?.toLowerCase() ?? ''];
    return [{ host: target.host, port: target.port ?? usual ?? null }];
  });
}
