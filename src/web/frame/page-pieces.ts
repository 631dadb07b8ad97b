// Renders a page in pieces. A template defers a long list, `<%- later(TEMPLATE, ITEMS) %>`, and each item is rendered by its
// own template when the browser has taken what precedes it. A page of thousands of rows is then never in memory as a whole, and
// other requests are answered between two of its pieces.

import type { Application } from 'express';

type Values = Readonly<Record<string, unknown>>;

interface Later {
  readonly template: string;
  readonly items: Iterable<Values>;
}

/** Renders a page. Values of an item override those of its page. */
export async function* pagePieces(app: Application, template: string, values: Values): AsyncGenerator<string> {
  const lists: Later[] = [];
  const later = (itemTemplate: string, items: Iterable<Values>): string => {
    lists.push({ template: itemTemplate, items });
    return `<!--later ${lists.length - 1}-->`;
  };
  const text = await render(app, template, { ...values, later, inRows });
  // Templates escape their values, so no value can contain this comment.
  for (const [i, part] of text.split(/<!--later (\d+)-->/).entries()) {
    const list = i % 2 === 1 ? lists[Number(part)] : undefined;
    if (list === undefined) yield part;
    else for (const item of list.items) yield await render(app, list.template, { ...values, ...item });
  }
}

/** The items of a list of rows: `{ rows }` in hundreds, with the other values of their template. */
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
