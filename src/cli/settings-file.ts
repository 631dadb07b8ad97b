// /etc/lvs-stats.yaml: settings that would otherwise be options of every command line, one `name: value` per line. An error names file,
// line and column, and the values allowed there.
//
//   data: /var/lib/lvs-stats
//   listen: 127.0.0.1:8080

import { isAbsolute } from 'node:path';
import { isMap, isScalar, type Node } from 'yaml';
import { haproxySourceText, parseHaproxySource } from '../collect/haproxy/source.js';
import { splitCommand } from '../collect/ipvs/split-command.js';
import { placeWordPattern } from '../model/links/report.js';
import { parseRetention } from '../model/retention.js';
import { parseProxies } from '../web/limits/client.js';
import { parseHostNames } from '../web/limits/own-names.js';
import { parseAddress, parseBasePath } from '../web/listen.js';
import type { SettingName } from './configure.js';
import { drawnPictureChoices } from './options/draw-option.js';
import { parseYaml, startOf, wrong } from './yaml-text.js';

/** The purpose of a setting, and a check of its value, which throws an `Error` with the allowed values. */
interface Rule {
  readonly check: (text: string) => unknown;
}

/** A setting of the file and its position. */
export interface FileSetting {
  readonly name: SettingName;
  readonly text: string;
  /** `FILE:LINE:COLUMN` of its value. */
  readonly place: string;
}

const rules: Readonly<Record<SettingName, Rule>> = {
  data: { check: absolutePath },
  director: { check: plainText },
  ipvsadm: { check: splitCommand },
  haproxy: { check: haproxySource },
  'haproxy-ca': { check: absolutePath },
  retention: { check: parseRetention },
  policy: { check: absolutePath },
  'drift-keepalived': { check: absolutePath },
  'drift-config-id': { check: plainText },
  'drift-golden': { check: absolutePath },
  'drift-against': { check: splitCommand },
  draw: { check: drawn },
  budget: { check: wholeNumber },
  listen: { check: parseAddress },
  auth: { check: absolutePath },
  'base-path': { check: parseBasePath },
  host: { check: parseHostNames },
  proxy: { check: parseProxies },
  'on-finding': { check: splitCommand },
  alertmanager: { check: receiverUrls },
  heartbeat: { check: receiverUrls },
  'push-to': { check: receiverUrls },
  'push-login': { check: absolutePath },
  'push-ca': { check: absolutePath },
  to: { check: receiverUrls },
  ca: { check: absolutePath },
  role: { check: placeWord },
  dc: { check: placeWord },
  import: { check: imports },
  'nginx-status': { check: receiverUrls },
  'nginx-log': { check: absolutePath },
  serf: { check: plainText },
  'serf-auth': { check: absolutePath },
  'probe-logins': { check: absolutePath },
  'join-from': { check: plainText },
  'join-cidr': { check: plainText },
  'peer-metrics': { check: plainText },
  'mackerel-key': { check: absolutePath },
  'mackerel-service': { check: plainText },
  'mackerel-host': { check: plainText },
  'mackerel-url': { check: receiverUrls },
  'log-format': { check: logFormat },
};

/** Parses the settings of a file's text. Throws a `UserError` that names the wrong line. */
export function parseSettings(text: string, file: string): readonly FileSetting[] {
  const { contents, place } = parseYaml(text, file, 'data: /srv/lvs');
  if (contents === null || (isScalar(contents) && contents.value === null)) return [];
  if (!isMap<Node, Node | null>(contents))
    throw wrong(place(startOf(contents)), 'expected lines such as "data: /srv/lvs"');
  return contents.items.map(({ key, value }) => readSetting({ key, value, place }));
}

interface Pair {
  readonly key: Node;
  readonly value: Node | null;
  readonly place: (offset: number) => string;
}

function readSetting({ key, value, place }: Pair): FileSetting {
  const name = isScalar(key) ? String(key.value) : '';
  if (!isKnown(name)) {
    throw wrong(place(startOf(key)), `there is no setting "${name}", only ${Object.keys(rules).join(', ')}`);
  }
  const at = place(startOf(value ?? key));
  const isPlain = isScalar(value) && (typeof value.value === 'string' || typeof value.value === 'number');
  if (!isPlain) throw wrong(at, `"${name}" takes one value, such as "${name}: VALUE"`);
  const text = typeof value.value === 'string' ? value.value : (value.source ?? String(value.value));
  // URLs with a password are shown without it.
  try {
    if (/\p{Cc}/u.test(text)) throw new Error('write it without line breaks and other control characters');
    rules[name].check(text);
  } catch (error) {
    const shown = name === 'haproxy' ? haproxySourceText(text) : rules[name].check === receiverUrls ? '…' : text;
    throw wrong(at, `"${name}" cannot be "${shown}": ${error instanceof Error ? error.message : String(error)}`);
  }
  return { name, text, place: at };
}

function isKnown(name: string): name is SettingName {
  return Object.hasOwn(rules, name);
}

function absolutePath(text: string): void {
  if (!isAbsolute(text)) throw new Error('write a path from the root, such as /srv/lvs-stats');
}

function haproxySource(text: string): void {
  const source = parseHaproxySource(text);
  if (source.kind === 'path' && !isAbsolute(source.path)) {
    throw new Error('write the path of a socket or file from the root, tcp@HOST:PORT, or http://…');
  }
}

/** Their errors show no URL, which may have a password. */
function receiverUrls(text: string): void {
  const isReceiver = (url: string): boolean => URL.canParse(url) && /^https?:\/\/[^/]/i.test(url);
  if (!text.split(/\s+/).every(isReceiver)) throw new Error('write http://HOST:PORT or https://HOST');
}

function placeWord(text: string): void {
  if (!placeWordPattern.test(text)) throw new Error('write letters, digits, ".", "_" and "-", at most 40 characters');
}

function imports(text: string): void {
  if (!/^(nginx|haproxy|pdns|file):\S/.test(text)) {
    throw new Error('write nginx:FILE, haproxy:SOCKET, pdns:LOG or file:FILE, separated by blanks');
  }
}

function plainText(text: string): void {
  if (!/^[^\p{Cc}]{1,100}$/u.test(text)) throw new Error('write a name of 1 to 100 characters');
}

function wholeNumber(text: string): void {
  if (!/^[1-9]\d{0,8}$/.test(text)) throw new Error('write a whole number above zero');
}

function drawn(text: string): void {
  if (!drawnPictureChoices.some((choice) => choice === text))
    throw new Error(`write ${drawnPictureChoices.join(', ')}`);
}

function logFormat(text: string): void {
  if (text !== 'text' && text !== 'json') throw new Error('write text or json');
}
