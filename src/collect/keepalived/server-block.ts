// A real server of a virtual server in keepalived.conf(5).

import type { ExpectedServer, Place } from '../../model/drift/expected.js';
import { canonicalAddress } from '../../model/names/name.js';
import type { Statement } from './blocks.js';
import { forwardings, serverWords } from './keywords.js';
import { quoted, type ReadingNotes } from './reading-notes.js';

/** A server before the defaults of its service are known: its port may be 0, and what is null is the service's. */
export interface ServerDraft extends Pick<ExpectedServer, 'address' | 'port'> {
  readonly place: Place;
  readonly forwarding: string | null;
  readonly weight: number | null;
  /** Whether a check sets its weight. */
  readonly isDynamic: boolean;
}

/** The largest weight that keepalived takes. */
const largestWeight = 2 ** 31 - 1;

/** Reads the address of a real or sorry server; null if it is not understood, with a note. */
export function serverAddress(
  { words, place }: Statement,
  notes: ReadingNotes,
): Pick<ServerDraft, 'address' | 'port'> | null {
  const [keyword = '', addressText = '', portText] = words;
  const address = canonicalAddress(addressText);
  const port = portNumber(portText);
  if (address !== null && port !== null) return { address, port };
  const wrong =
    address === null ? `${quoted(addressText)} is not an address` : `${quoted(portText ?? '')} is not a port`;
  notes.add(place, `this ${keyword} is left out: ${wrong}`);
  return null;
}

/** A port; 0 if there is none, null if the text is not one. */
export function portNumber(text: string | undefined): number | null {
  if (text === undefined) return 0;
  const port = /^\d{1,6}$/.test(text) ? Number(text) : Number.NaN;
  return port <= 65_535 ? port : null;
}

/** Reads a real server; null if its address is not understood. */
export function serverOf(statement: Statement, method: string | null, notes: ReadingNotes): ServerDraft | null {
  const at = serverAddress(statement, notes);
  if (at === null) return null;
  let [forwarding, weight, isDynamic] = [method, null as number | null, false];
  for (const { words, place, block } of statement.block ?? []) {
    const [keyword = '', value = ''] = words;
    if (keyword === 'weight') {
      weight = weightOf(value, place, notes);
      // keepalived passes over a wrong weight, but it may be ours that is not understood.
      isDynamic ||= weight === null;
    } else if (keyword === 'lvs_method' || keyword === 'lb_kind') forwarding = forwardingOf(value, place, notes);
    else if (keyword === 'FILE_CHECK') isDynamic = true;
    else if (keyword === 'MISC_CHECK') isDynamic ||= block?.some((own) => own.words[0] === 'misc_dynamic') === true;
    else if (keyword !== 'inhibit_on_failure' && !serverWords.has(keyword))
      notes.add(place, `unknown word of a real_server: ${quoted(keyword)}`);
  }
  return { ...at, place: statement.place, forwarding, weight, isDynamic };
}

/** A weight; null with a note if it is none. */
export function weightOf(text: string, place: Place, notes: ReadingNotes): number | null {
  const weight = /^\d{1,10}$/.test(text) ? Number(text) : Number.NaN;
  if (weight <= largestWeight) return weight;
  notes.add(place, `a weight is from 0 to ${largestWeight}, not ${quoted(text)}: this one is not compared`);
  return null;
}

/** A forwarding method as ipvsadm names it; an unknown one stays as it is, and is not compared. */
export function forwardingOf(text: string, place: Place, notes: ReadingNotes): string {
  const own = forwardings[text];
  if (own !== undefined) return own;
  notes.add(place, `unknown forwarding method ${quoted(text)}: it is not compared`);
  return text;
}
