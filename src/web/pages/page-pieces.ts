// A page as pieces of text. A template leaves a long list for later, `<%- later(TEMPLATE, ITEMS) %>`, and each of the items is
// rendered by a template of its own when the browser has taken what stands before it: a page of thousands of rows is then never
// in memory as a whole, and others are answered between two of its pieces.

import type { Application } from 'express';

type Values = Readonly<Record<string, unknown>>;

interface Later {
  readonly template: string;
  readonly items: Iterable<Values>;
}

/** Renders a page. What an item says goes before what its page says. */
export async function* pagePieces(app: Application, template: string, values: Values): AsyncGenerator<string> {
  const lists: Later[] = [];
  const later = (ofItem: string, items: Iterable<Values>): string => {
    lists.push({ template: ofItem, items });
    return `<!--later ${lists.length - 1}-->`;
  };
  const text = await render(app, template, { ...values, later, inRows });
  // Templates escape what they are given, so no value can hold such a comment.
  for (const [i, part] of text.split(/<!--later (\d+)-->/).entries()) {
    const list = i % 2 === 1 ? lists[Number(part)] : undefined;
    if (list === undefined) yield part;
    else for (const item of list.items) yield await render(app, list.template, { ...values, ...item });
  }
}

/** The items of a list of rows: `{ rows }` by the hundred, with what else their template needs. */
function* inRows(rows: readonly unknown[], more: Values = {}): Generator<Values> {
  for (let at = 0; at < rows.length; at += 100) yield { ...more, rows: rows.slice(at, at + 100) };
}

function render(app: Application, template: string, values: Values): Promise<string> {
  return new Promise((resolve, reject) => {
    app.render(template, values, (error: Error | null, text: string) => {
      if (error === null) resolve(text);
      else reject(error);
    });
  });
}
