// A virtual_server of keepalived.conf(5), with keepalived's defaults: wlc, NAT, weight 1, quorum 1, 360 s of persistence, and UDP where no
// protocol is given. Follows check_parser.c and validate_check_config() in check_data.c.

import type { Place } from '../../model/drift/expected.js';
import { maskOf, type SetUp, schedulerFlags } from '../../model/drift/set-up.js';
import type { Family, Protocol } from '../../model/names/identity.js';
import type { Statement } from './blocks.js';
import { schedulerFlagWords, schedulers, serviceWords } from './keywords.js';
import { quoted, type ReadingNotes } from './reading-notes.js';
import { forwardingOf, type ServerDraft, serverAddress, serverOf, weightOf } from './server-block.js';

/** A virtual server before it is spread over the members of its group. */
export interface ServiceDraft {
  readonly place: Place;
  readonly protocol: Protocol;
  readonly family: Family | null;
  /** The persistence is null where none is asked for; some services get it even so. */
  readonly setUp: SetUp;
  readonly servers: readonly ServerDraft[];
  readonly sorry: ServerDraft | null;
  readonly forwarding: string;
  readonly weight: number;
  /** The sum of weights below which the quorum is certainly lost. */
  readonly quorum: number;
  readonly isPartial: boolean;
}

/** Seconds of persistence where no number is given. */
export const usualPersistenceS = 360;

interface Draft {
  protocol: Protocol;
  family: Family | null;
  scheduler: string | null;
  readonly flags: string[];
  isOnePacket: boolean;
  timeoutS: number;
  mask: string;
  engine: string;
  forwarding: string | null;
  weight: number;
  quorum: number;
  hysteresis: number;
  readonly servers: ServerDraft[];
  sorry: ServerDraft | null;
  isPartial: boolean;
}

/** Reads a virtual server; null if a part that decides what it is cannot be understood. */
export function serviceOf(statement: Statement, notes: ReadingNotes): ServiceDraft | null {
  const draft: Draft = {
    protocol: 'udp',
    family: null,
    scheduler: 'wlc',
    flags: [],
    isOnePacket: false,
    timeoutS: 0,
    mask: '',
    engine: '',
    forwarding: null,
    weight: 1,
    quorum: 1,
    hysteresis: 0,
    servers: [],
    sorry: null,
    isPartial: statement.isOpen,
  };
  for (const one of statement.block ?? []) {
    const [keyword = '', value = ''] = one.words;
    if (keyword === 'protocol') {
      const protocol = protocols[value.toUpperCase()];
      if (protocol === undefined) {
        notes.add(one.place, `this virtual_server is left out: unknown protocol ${quoted(value)}`);
        return null;
      }
      draft.protocol = protocol;
    } else readWord(draft, one, notes);
  }
  return finished(draft, statement.place);
}

const protocols: Readonly<Record<string, Protocol>> = { TCP: 'tcp', UDP: 'udp', SCTP: 'sctp' };

type ReadWord = (draft: Draft, statement: Statement, notes: ReadingNotes) => void;

function readWord(draft: Draft, statement: Statement, notes: ReadingNotes): void {
  const [keyword = ''] = statement.words;
  const read = Object.hasOwn(readers, keyword) ? readers[keyword] : undefined;
  if (read !== undefined) read(draft, statement, notes);
  else if (schedulerFlagWords.has(keyword)) draft.flags.push(keyword);
  else if (!serviceWords.has(keyword))
    notes.add(statement.place, `unknown word of a virtual_server: ${quoted(keyword)}`);
}

const scheduler: ReadWord = (draft, { words: [, value = ''], place }, notes) => {
  draft.scheduler = schedulers.has(value) ? value : null;
  if (draft.scheduler === null) notes.add(place, `unknown scheduler ${quoted(value)}: it is not compared`);
};

const method: ReadWord = (draft, { words: [, value = ''], place }, notes) => {
  draft.forwarding = forwardingOf(value, place, notes);
};

const readers: Readonly<Record<string, ReadWord>> = {
  lvs_sched: scheduler,
  lb_algo: scheduler,
  lvs_method: method,
  lb_kind: method,
  ops: (draft) => {
    draft.isOnePacket = true;
  },
  persistence_timeout: (draft, { words: [, value], place }, notes) => {
    draft.timeoutS =
      value === undefined ? usualPersistenceS : wholeNumber(value, 'a persistence_timeout', { place, notes });
  },
  persistence_granularity: (draft, { words: [, value = ''] }) => {
    draft.mask = maskOf(value);
    if (draft.timeoutS === 0) draft.timeoutS = usualPersistenceS;
  },
  persistence_engine: (draft, { words: [, value = ''] }) => {
    draft.engine = value;
  },
  ip_family: (draft, { words: [, value] }) => {
    draft.family = value === 'inet6' ? 'ipv6' : 'ipv4';
  },
  quorum: (draft, { words: [, value = ''], place }, notes) => {
    draft.quorum = wholeNumber(value, 'a quorum', { place, notes });
  },
  hysteresis: (draft, { words: [, value = ''], place }, notes) => {
    draft.hysteresis = wholeNumber(value, 'a hysteresis', { place, notes });
  },
  weight: (draft, { words: [, value = ''], place }, notes) => {
    draft.weight = weightOf(value, place, notes) ?? draft.weight;
  },
  inhibit_on_failure: () => {},
  real_server: (draft, statement, notes) => {
    const server = serverOf(statement, draft.forwarding, notes);
    if (server === null || statement.isOpen) draft.isPartial = true;
    if (server !== null) draft.servers.push(server);
  },
  sorry_server: (draft, statement, notes) => {
    const at = serverAddress(statement, notes);
    if (at === null) draft.isPartial = true;
    else draft.sorry = { ...at, place: statement.place, forwarding: draft.forwarding, weight: 1, isDynamic: false };
  },
  // A sorry server at weight 0 is not active, whether or not this word says that it may stay.
  sorry_server_inhibit: () => {},
  sorry_server_lvs_method: (draft, { words: [, value = ''], place }, notes) => {
    if (draft.sorry !== null) draft.sorry = { ...draft.sorry, forwarding: forwardingOf(value, place, notes) };
  },
};

function wholeNumber(text: string, what: string, { place, notes }: { place: Place; notes: ReadingNotes }): number {
  if (/^\d{1,9}$/.test(text)) return Number(text);
  notes.add(place, `${what} is a whole number, not ${quoted(text)}`);
  return 0;
}

function finished(draft: Draft, place: Place): ServiceDraft {
  const { flags, isOnePacket, timeoutS, mask, engine, forwarding, weight, servers } = draft;
  const total = servers.reduce((sum, own) => sum + (own.weight ?? weight), 0);
  const quorum = Math.min(draft.quorum, total);
  return {
    place,
    protocol: draft.protocol,
    family: draft.family,
    setUp: {
      scheduler: draft.scheduler,
      schedulerFlags: schedulerFlags(flags),
      isOnePacket,
      persistence: timeoutS === 0 ? null : { timeoutS, mask, engine },
    },
    servers,
    sorry: draft.sorry,
    forwarding: forwarding ?? 'Masq',
    weight,
    quorum: Math.max(0, quorum - Math.min(draft.hysteresis, Math.max(0, quorum - 1))),
    isPartial: draft.isPartial,
  };
}
