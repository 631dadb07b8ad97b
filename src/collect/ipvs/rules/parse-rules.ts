// Parses a saved table: the output of `ipvsadm -S -n`, which ipvsadm(8) reads back with -R. Options may also be written out, and in any order;
// lines that begin with # are comments.
//
//   -A -t 192.0.2.1:80 -s wlc -p 300 -M 255.255.255.0 -b sh-port -o
//   -a -t 192.0.2.1:80 -r 10.0.0.5:8080 -m -w 1 -x 100 -y 10

import type {
  DriftNote,
  ExpectedServer,
  ExpectedService,
  ExpectedTable,
  Place,
} from '../../../model/drift/expected.js';
import { maskOf, type SetUp, schedulerFlags } from '../../../model/drift/set-up.js';
import type { ServiceId } from '../../../model/names/identity.js';
import { parseEndpoint, serviceName } from '../../../model/names/name.js';
import { CollectError, quote } from '../../collect-error.js';
import { LineProblem, splitWords } from '../listing/listing.js';
import { largestWeight } from '../listing/parse-table.js';
import { parseWhole } from '../listing/whole-number.js';

/** Most notes that are kept. */
const maxNotes = 200;

/** Parses a saved table; `file` is its name in messages. Throws a `CollectError` when nothing in it can be read. */
export function parseRules(text: string, file: string): ExpectedTable {
  const draft: Draft = { services: new Map(), leftOut: new Set(), notes: [], isWhole: true };
  let line = 0;
  for (const raw of text.split('\n')) {
    line += 1;
    const words = splitWords(raw.replace(/\r$/, ''), 0, raw.length);
    if (words.length === 0 || words[0]?.startsWith('#')) continue;
    const place = { file, line };
    try {
      addRule(draft, words[0] === 'ipvsadm' ? words.slice(1) : words, place);
    } catch (error) {
      if (!(error instanceof LineProblem)) throw error;
      draft.isWhole = false;
      if (draft.notes.length < maxNotes) draft.notes.push({ text: `this line is left out: ${error.message}`, place });
    }
  }
  const { services, leftOut, notes, isWhole } = draft;
  const [first] = notes;
  if (services.size === 0 && first !== undefined) {
    throw new CollectError(
      'bad-reference',
      `nothing in ${file} can be read: line ${first.place?.line}: ${first.text}; save the table with "ipvsadm -S -n"`,
    );
  }
  return { services, leftOut, isWhole, notes };
}

interface Draft {
  readonly services: Map<string, ExpectedService & { readonly servers: ExpectedServer[] }>;
  readonly leftOut: Set<string>;
  readonly notes: DriftNote[];
  isWhole: boolean;
}

type Options = ReadonlyMap<string, string>;

/** Options by their letter; `true` ones take a value. */
const options: Readonly<Record<string, readonly [letter: string, takesValue: boolean]>> = {
  '-A': ['A', false],
  '--add-service': ['A', false],
  '-a': ['a', false],
  '--add-server': ['a', false],
  '-t': ['t', true],
  '--tcp-service': ['t', true],
  '-u': ['u', true],
  '--udp-service': ['u', true],
  '--sctp-service': ['sctp', true],
  '-f': ['f', true],
  '--fwmark-service': ['f', true],
  '-6': ['6', false],
  '--ipv6': ['6', false],
  '-s': ['s', true],
  '--scheduler': ['s', true],
  '-p': ['p', true],
  '--persistent': ['p', true],
  '-M': ['M', true],
  '--netmask': ['M', true],
  '-b': ['b', true],
  '--sched-flags': ['b', true],
  '-o': ['o', false],
  '--ops': ['o', false],
  '--pe': ['pe', true],
  '-r': ['r', true],
  '--real-server': ['r', true],
  '-m': ['m', false],
  '--masquerading': ['m', false],
  '-g': ['g', false],
  '--gatewaying': ['g', false],
  '-i': ['i', false],
  '--ipip': ['i', false],
  '-w': ['w', true],
  '--weight': ['w', true],
  '-x': ['x', true],
  '--u-threshold': ['x', true],
  '-y': ['y', true],
  '--l-threshold': ['y', true],
  '--tun-type': ['tun-type', true],
  '--tun-port': ['tun-port', true],
  '--tun-nocsum': ['tun', false],
  '--tun-csum': ['tun', false],
  '--tun-remcsum': ['tun', false],
};

function optionsOf(words: readonly string[]): Options {
  const found = new Map<string, string>();
  for (let i = 0; i < words.length; i += 1) {
    const word = words[i] ?? '';
    const known = Object.hasOwn(options, word) ? options[word] : undefined;
    if (known === undefined) throw new LineProblem(`unknown option ${quote(word)}`);
    const [letter, takesValue] = known;
    if (takesValue) i += 1;
    const value = takesValue ? words[i] : '';
    if (value === undefined) throw new LineProblem(`the value of ${word} is missing`);
    found.set(letter, value);
  }
  return found;
}

function addRule(draft: Draft, words: readonly string[], place: Place): void {
  const own = optionsOf(words);
  const id = serviceIdOf(own);
  const name = serviceName(id);
  if (own.has('A')) {
    if (draft.services.has(name)) throw new LineProblem('this service is there twice');
    const setUp = setUpOf(own);
    draft.services.set(name, { id, setUp, servers: [], sorry: null, quorum: 0, isPartial: false, place });
    return;
  }
  if (!own.has('a')) throw new LineProblem('expected -A or -a');
  const service = draft.services.get(name);
  if (service === undefined) throw new LineProblem('a real server before its service');
  try {
    service.servers.push(serverOf(own, place));
  } catch (error) {
    draft.services.set(name, { ...service, isPartial: true });
    throw error;
  }
}

function serviceIdOf(own: Options): ServiceId {
  const mark = own.get('f');
  if (mark !== undefined) {
    return {
      kind: 'mark',
      mark: markOf(mark),
      family: own.has('6') ? 'ipv6' : 'ipv4',
    };
  }
  for (const [letter, protocol] of [
    ['t', 'tcp'],
    ['u', 'udp'],
    ['sctp', 'sctp'],
  ] as const) {
    const text = own.get(letter);
    if (text === undefined) continue;
    return { kind: 'address', protocol, ...endpointOf(text) };
  }
  throw new LineProblem('expected -t, -u, --sctp-service or -f');
}

/** ipvsadm -S prints marks from 2^31 on as negative numbers. */
function markOf(text: string): number {
  return text.startsWith('-')
    ? -parseWhole(text.slice(1), 2 ** 31, 'a firewall mark') >>> 0
    : parseWhole(text, 0xffffffff, 'a firewall mark');
}

function endpointOf(text: string): { readonly address: string; readonly port: number } {
  const endpoint = parseEndpoint(text) ?? parseEndpoint(`${text}:0`);
  if (endpoint === null)
    throw new LineProblem(`${quote(text)} is not an address and a port; was the table saved with -n?`);
  return endpoint;
}

function setUpOf(own: Options): SetUp {
  const timeout = own.get('p');
  const persistence =
    timeout === undefined
      ? null
      : {
          timeoutS: parseWhole(timeout, 2 ** 31, 'a timeout'),
          mask: maskOf(own.get('M') ?? ''),
          engine: own.get('pe') ?? '',
        };
  return {
    scheduler: own.get('s') ?? 'wlc',
    schedulerFlags: schedulerFlags((own.get('b') ?? '').split(',').filter((flag) => flag !== '')),
    isOnePacket: own.has('o'),
    persistence,
  };
}

function serverOf(own: Options, place: Place): ExpectedServer {
  const text = own.get('r');
  if (text === undefined) throw new LineProblem('expected -r');
  const forwarding = own.has('m') ? 'Masq' : own.has('i') ? 'Tunnel' : 'Route';
  const weight = parseWhole(own.get('w') ?? '1', largestWeight, 'a weight');
  return { ...endpointOf(text), forwarding, weight, place };
}
