// Findings in words: one sentence each, without its subject's host names and without times, which depend on the reader.

import { spareDays } from '../capacity/spare.js';
import { isOfDirector, nameWithin, parseRealServerName, serviceOf } from '../names/name.js';
import { identify } from '../names/parse-name.js';
import { driftSentences, driftTitles } from './drift-text.js';
import { type Finding, type FindingKind, findingId, hostOfSubject } from './finding.js';
import { linkSentences, linkSubjectText, linkTitles } from './link-text.js';
import { probeSentences, probeTitles } from './probe-text.js';
import { redundancyText } from './redundancy-text.js';
import type { SilencedFinding } from './silenced.js';
import { collapseText, surgeText } from './traffic-text.js';

/** Titles of the kinds. */
export const findingTitles: Readonly<Record<FindingKind, string>> = {
  collecting: 'collecting',
  'service-without-server': 'no usable real server',
  ...driftTitles,
  'drift-unreadable': 'drift not judged',
  'service-left': 'service gone',
  'counters-frozen': 'counters frozen',
  'server-left': 'real server gone',
  'server-drained': 'weight 0',
  'traffic-collapsed': 'traffic collapsed',
  'traffic-surged': 'traffic surged',
  'share-off': 'share off',
  'books-unbalanced': 'books unbalanced',
  'processor-overloaded': 'processor overloaded',
  'chains-long': 'long chains',
  'neighbours-full': 'neighbours nearly full',
  'conntrack-full': 'conntrack nearly full',
  'spare-lacking': 'no spare',
  'redundancy-lacking': 'redundancy lacking',
  ...linkTitles,
  ...probeTitles,
  'disk-full': 'disk nearly full',
  'policy-unreadable': 'policy not in force',
  'pages-undelivered': 'pages not delivered',
  'push-behind': 'rows not pushed',
};

type Words = Pick<Finding, 'kind' | 'subject' | 'archives' | 'numbers'>;

/** The subject as people write it: `192.0.2.1:80`, `10.0.0.5:8080 of 192.0.2.1:80`, `10.0.0.5 and 2 other hosts`, `processor 2`. */
export function subjectText({ subject, archives }: Pick<Finding, 'subject' | 'archives'>): string {
  const host = hostOfSubject(subject);
  const [first] = archives;
  if (host === null) return linkSubjectText(subject) ?? archiveText(subject);
  if (first === undefined || isOfDirector(first)) return host;
  if (isOfOne({ archives })) return archiveText(first);
  const hosts = new Set(archives.map((archive) => parseRealServerName(nameWithin(archive))?.address ?? host));
  const [shown = host] = hosts;
  const others = hosts.size - 1;
  return others > 0 ? `${shown} and ${others} other host${others === 1 ? '' : 's'}` : shown;
}

/** The sentence, without its subject. */
export function findingText(finding: Words): string {
  return sentences[finding.kind](finding);
}

/** Most archives that a JSON object of a finding names; `archiveCount` counts all. */
const maxArchives = 20;

/** A finding as a JSON object, with times as `since`. */
export function findingRecord(finding: Finding): Readonly<Record<string, unknown>> {
  const { sinceS, archives, ...rest } = finding;
  const named = { archives: archives.slice(0, maxArchives), archiveCount: archives.length };
  return { id: findingId(finding), ...rest, ...named, since: sinceS, text: findingLine(finding) };
}

/** A silenced finding as a JSON object. */
export function silencedRecord({ finding, silence: { pattern, untilS, why } }: SilencedFinding): object {
  return { ...findingRecord(finding), silence: { pattern, until: untilS, why } };
}

/** The sentence with its subject: "10.0.0.5:8080 of 192.0.2.1:80: weight 0". */
export function findingLine(finding: Words): string {
  return `${subjectText(finding)}: ${findingText(finding)}`;
}

const sentences: Readonly<Record<FindingKind, (finding: Words) => string>> = {
  collecting: ({ numbers: { state, text } }) =>
    state === 'failing'
      ? `collecting fails: ${text}`
      : state === 'unread'
        ? `the engine with its rows cannot be read: ${text}`
        : state === 'ahead'
          ? "the newest reading is in the future: correct this machine's clock"
          : 'collecting has stopped: is cron, or the server that collects, running?',
  'service-without-server': ({ numbers }) =>
    numbers['realServers'] === 0
      ? 'no real server: connections are refused'
      : `${numbers['realServers'] === 1 ? 'its only real server has' : `all ${count(numbers, 'realServers')} real servers have`} weight 0: new connections are refused`,
  ...driftSentences,
  'drift-unreadable': ({ numbers }) => `drift is not judged: ${numbers['text']}`,
  'service-left': () => 'the service left the table',
  'counters-frozen': ({ numbers }) => `counters are frozen (${numbers['reason']}): rates are unknown`,
  'server-left': (finding) =>
    `left ${isOfOne(finding) ? 'the service' : servicesText(finding)}, whose other real servers stayed`,
  'server-drained': (finding) => {
    const { weight } = finding.numbers;
    const change = weight === undefined ? 'weight 0' : `weight ${weight} to 0`;
    return `${change}${isOfOne(finding) ? '' : ` in ${servicesText(finding)}`}: draining, or forgotten`;
  },
  'traffic-collapsed': ({ numbers }) => collapseText(numbers),
  'traffic-surged': ({ numbers }) => surgeText(numbers),
  'share-off': ({ numbers }) =>
    `takes ${percent(numbers['share'])} of the ${numbers['dealt'] === 'Conns' ? 'new' : 'open'} connections; its share is ${percent(numbers['fairShare'])}`,
  'books-unbalanced': ({ subject }) =>
    `the counts of its ${subject === 'all' ? 'services' : 'real servers'} do not add up to its own`,
  'processor-overloaded': ({ numbers }) =>
    `handles ${percent(numbers['share'])} of the packets of ${count(numbers, 'processors')} processors`,
  'chains-long': ({ numbers }) =>
    `${count(numbers, 'entries')} connections in ${count(numbers, 'size')} buckets: ${Number(numbers['chain']).toFixed(1)} to a chain; load ip_vs with a larger conn_tab_bits`,
  'neighbours-full': ({ numbers }) =>
    `${fullText(numbers)} neighbours ${numbers['table'] === 'neighbours-ipv6' ? 'of IPv6 (net.ipv6' : 'of IPv4 (net.ipv4'}.neigh.default.gc_thresh3): the kernel refuses new ones when the table is full`,
  'conntrack-full': ({ numbers }) =>
    `${fullText(numbers)} tracked connections (net.netfilter.nf_conntrack_max): the kernel drops new ones when the table is full`,
  'spare-lacking': ({ archives: [, busiest = ''], numbers }) =>
    `cannot lose ${archiveText(busiest).replace(/ of .*/, '')}: at the peak of the last ${spareDays} days, ${numbers['servers'] === 2 ? 'the other' : 'each other'} would have had up to ${percent(numbers['part'])} of the most it ever held`,
  'redundancy-lacking': redundancyText,
  ...linkSentences,
  ...probeSentences,
  'disk-full': ({ numbers }) => {
    const [free, least, floor] = ['freeBytes', 'leastBytes', 'floorBytes'].map((name) => mebibytes(numbers, name));
    return `${free} free for the archives, of ${least} wanted; below ${floor}, no archive is created and nothing is drawn`;
  },
  'policy-unreadable': ({ numbers }) => `the policy file is not in force: ${numbers['text']}`,
  'pages-undelivered': ({ numbers }) => `pages are not delivered: ${numbers['text']}`,
  'push-behind': ({ numbers }) => `rows do not arrive at the receiver: ${numbers['text']}`,
};

/** Is a finding about a single real server? Its subject then names the service. */
function isOfOne({ archives }: Pick<Finding, 'archives'>): boolean {
  return archives.length === 1;
}

/** The services of a finding about a host: the one, or how many. */
function servicesText({ archives: [first = ''], numbers: { services } }: Words): string {
  return services === 1 ? archiveText(serviceOf(first)) : `${services} services`;
}

/** An archive as people write it: `192.0.2.1:80`, `10.0.0.5:8080 of 192.0.2.1:80`. */
export function archiveText(name: string): string {
  const own = identify(name);
  if (own === null) return name;
  // The same mark may exist in both address families.
  const text = `${own.kind.ownName(own.parts)}${/^fwm6_\d+$/.test(name) ? ' (IPv6)' : ''}`;
  return own.kind.level === 'member' && nameWithin(name) !== name ? `${text} of ${archiveText(serviceOf(name))}` : text;
}

function count(numbers: Words['numbers'], name: string): string {
  return Number(numbers[name] ?? 0).toLocaleString('en-US');
}

/** "900 of at most 1,024". */
function fullText(numbers: Words['numbers']): string {
  return `${count(numbers, 'entries')} of at most ${count(numbers, 'limit')}`;
}

function mebibytes(numbers: Words['numbers'], name: string): string {
  return `${Math.floor(Number(numbers[name] ?? 0) / 2 ** 20).toLocaleString('en-US')} MiB`;
}

function percent(value: number | string | undefined): string {
  return `${Math.round(100 * Number(value))} %`;
}
