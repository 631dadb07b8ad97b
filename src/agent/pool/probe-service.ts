// Probes a service of a member by its kind, and reduces the verdict to what the judgement of peers asks: did it answer, did something else, did
// nothing. A kind that this version does not have, and what this machine itself lacks, say nothing.

import type { Member, PeerService } from '../../peers/member.js';
import type { Outcome } from '../../peers/votes.js';
import { type ProbeKind, probeApplication, type Verdict } from '../peers/application.js';
import type { Login } from '../peers/kinds/dialogue.js';
import { dialogues } from '../peers/kinds/registry.js';
import type { PeerProbe, ProbePeer } from './pool-session.js';

const outcomes: Readonly<Record<Verdict['state'], Outcome>> = {
  up: 'alive',
  slow: 'alive',
  refused: 'closed',
  'wrong-protocol': 'wrong',
  down: 'silent',
};

/** Probes with these logins, by kind. */
export function serviceProbe(logins: ReadonlyMap<ProbeKind, Login>): ProbePeer {
  return async (member, service, timeoutMs) => {
    const kind = kindOf(service);
    if (kind === null) return unknown(`there is no kind ${service.kind} in this version`);
    const login = logins.get(kind);
    const place = { kind, host: member.address, port: service.port, tls: service.isTls, name: member.name };
    try {
      const { state, ms, detail } = await probeApplication({ ...place, ...(login && { login }) }, timeoutMs);
      return { outcome: outcomes[state], ms, detail };
    } catch (error) {
      return unknown(error instanceof Error ? error.message : String(error));
    }
  };
}

function kindOf({ kind }: PeerService): ProbeKind | null {
  return Object.hasOwn(dialogues, kind) ? (kind as ProbeKind) : null;
}

function unknown(detail: string): PeerProbe {
  return { outcome: 'unknown', ms: Number.NaN, detail };
}

/** The services of members that no probe of this version fits, as text for people. */
export function unknownKinds(members: readonly Member[]): readonly string[] {
  return members.flatMap(({ name, services }) =>
    services
      .filter((service) => kindOf(service) === null)
      .map(
        ({ text }) =>
          `the tag svc of ${name} has "${text}", a kind that is not known: use ${Object.keys(dialogues).join(', ')}`,
      ),
  );
}
