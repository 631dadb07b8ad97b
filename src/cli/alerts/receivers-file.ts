// The file of `alerts --receivers`: the part of Alertmanager's configuration that says whom to notify. Alertmanager knows its receivers; here
// only what the routes need is checked. https://prometheus.io/docs/alerting/latest/configuration/#receiver
//
//   global: {smtp_smarthost: 'mail.example.com:25', smtp_from: lvs@example.com}
//   receivers:
//     - {name: lvs-pages, email_configs: [{to: ops@example.com}]}
//     - {name: lvs-watchdog, webhook_configs: [{url: 'https://hc.example.com/ping'}]}

import { statSync } from 'node:fs';
import { isMap, isScalar, isSeq, type Node } from 'yaml';
import { readConfiguration } from '../configure.js';
import { parseYaml, startOf, wrong } from '../yaml-text.js';

/** The receivers as text, and the mode of their file, since it may hold passwords. */
export interface Receivers {
  readonly text: string;
  readonly mode: number;
}

const example = 'receivers: [{name: lvs-pages, email_configs: [{to: ops@example.com}]}]';
const permitted = ['global', 'templates', 'receivers'];
const maxBytes = 2 ** 20;

/** Reads the file; `names` are the receivers that it must have. Throws a `UserError`. */
export function readReceivers(file: string, names: readonly string[]): Receivers {
  const read = readConfiguration(file, { maxBytes, what: 'the receivers', option: '--receivers' });
  const { contents, place } = parseYaml(read, file, example);
  const at = (node: Node | null): string => (node === null ? file : place(startOf(node)));
  if (!isMap(contents)) throw wrong(at(contents), `there are no receivers: write a line such as "${example}"`);
  let listed: readonly string[] = [];
  for (const { key, value } of contents.items) {
    const name = isScalar(key) ? String(key.value) : '';
    if (!permitted.includes(name))
      throw wrong(
        at(key as Node),
        `"${name}" does not belong here: this file has ${permitted.join(', ')}; routes and inhibition are generated`,
      );
    if (name === 'receivers') listed = namesIn(value as Node | null, at);
  }
  const missing = names.filter((name) => !listed.includes(name));
  if (missing.length > 0)
    throw wrong(
      at(contents),
      `the receiver${missing.length === 1 ? '' : 's'} ${missing.join(' and ')} ${missing.length === 1 ? 'is' : 'are'} missing: add ` +
        `${missing.map((name) => `"- name: ${name}"`).join(' and ')}; one without a destination notifies nobody`,
    );
  return { text: read, mode: statSync(file).mode & 0o777 };
}

function namesIn(list: Node | null, at: (node: Node | null) => string): readonly string[] {
  if (!isSeq(list)) throw wrong(at(list), '"receivers" is not a list');
  return list.items.map((item) => {
    const name = isMap(item) ? item.get('name') : undefined;
    if (typeof name !== 'string' || name === '') throw wrong(at(item as Node), 'the receiver has no name');
    return name;
  });
}
