// The table that a reference asks for: keepalived's configuration, a saved table, or another director. Drift is the difference from it.

import type { ServiceId } from '../names/identity.js';
import type { SetUp } from './set-up.js';

/** The kinds of references. */
export type ReferenceKind = 'keepalived' | 'golden' | 'against';

/** A place in a file; lines count from 1. */
export interface Place {
  readonly file: string;
  readonly line: number;
}

/** A real server as a reference wants it. */
export interface ExpectedServer {
  readonly address: string;
  readonly port: number;
  /** As `ipvsadm -L` names it; an unknown method is not compared. */
  readonly forwarding: string;
  /** Null if a check sets it. */
  readonly weight: number | null;
  readonly place: Place | null;
}

/** A service as a reference wants it. */
export interface ExpectedService {
  readonly id: ServiceId;
  readonly setUp: SetUp;
  readonly servers: readonly ExpectedServer[];
  /** The server that replaces them when their quorum is lost; null if there is none. */
  readonly sorry: ExpectedServer | null;
  /** The least sum of weights at which the service is not certain to have lost its quorum. */
  readonly quorum: number;
  /** Whether some of its real servers were left out. */
  readonly isPartial: boolean;
  readonly place: Place | null;
}

/** A remark on a reference, such as a part that was left out. */
export interface DriftNote {
  /** One sentence, printable on any terminal, without its full stop. */
  readonly text: string;
  readonly place: Place | null;
}

/** The table of a reference. */
export interface ExpectedTable {
  /** By name. */
  readonly services: ReadonlyMap<string, ExpectedService>;
  /** Services that it has, but that could not be understood. */
  readonly leftOut: ReadonlySet<string>;
  /** Whether it was read in full: otherwise services that it does not mention may be in a part that was left out. */
  readonly isWhole: boolean;
  readonly notes: readonly DriftNote[];
}

/** A place as people write it: `FILE:LINE`. */
export function placeText({ file, line }: Place): string {
  return `${file}:${line}`;
}

/** A note with its place. */
export function noteText({ text, place }: DriftNote): string {
  return place === null ? text : `${placeText(place)}: ${text}`;
}
