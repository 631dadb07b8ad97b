// The choices of a reader on the graphs of a page, in its address beside the span: hidden series, and the graph that fills the
// window. Pure.
//
//   hide=192.0.2.1_80-traffic~out   full=192.0.2.1_80-traffic

import type { FigureSpec } from '../graph/spec.js';

/** The names of a figure's hidden series, by the key of the figure; and the key of the figure that fills the window, if any. */
export interface Choices {
  readonly hidden: ReadonlyMap<string, ReadonlySet<string>>;
  readonly full: string | null;
}

/** The key of a figure in an address: `192.0.2.1_80-traffic`. */
export function figureKey({ name, type, isShare }: Pick<FigureSpec, 'name' | 'type' | 'isShare'>): string {
  return `${name}-${type}${isShare ? '-share' : ''}`;
}

/** The choices in a query. */
export function parseChoices(query: string): Choices {
  const parameters = new URLSearchParams(query);
  const hidden = parameters.getAll('hide').map((text) => {
    const [key = '', ...names] = text.split('~').map(unescaped);
    return [key, new Set(names)] as const;
  });
  return { hidden: new Map(hidden), full: parameters.get('full') };
}

/** An address with other choices than its own. */
export function withChoices(address: string, { hidden, full }: Choices): string {
  const at = address.indexOf('#');
  const [path, tail] = at < 0 ? [address, ''] : [address.slice(0, at), address.slice(at)];
  const [place = '', query = ''] = path.split('?');
  const parameters = new URLSearchParams(query);
  const fields = choiceFields({ hidden, full });
  // Other parameters stay as they are written.
  if (fields.length === 0 && !parameters.has('hide') && !parameters.has('full')) return address;
  parameters.delete('hide');
  parameters.delete('full');
  for (const [name, value] of fields) parameters.append(name, value);
  const text = parameters.toString();
  return `${place}${text === '' ? '' : `?${text}`}${tail}`;
}

/** The parameters of choices. */
export function choiceFields({ hidden, full }: Choices): readonly (readonly [name: string, value: string])[] {
  const hide = [...hidden]
    .filter(([, names]) => names.size > 0)
    .map(([key, names]) => ['hide', [key, ...names].map(escaped).join('~')] as const);
  return full === null ? hide : [...hide, ['full', full]];
}

function escaped(text: string): string {
  return text.replaceAll('%', '%25').replaceAll('~', '%7E');
}

function unescaped(text: string): string {
  return text.replaceAll('%7E', '~').replaceAll('%25', '%');
}
