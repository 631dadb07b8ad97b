// The answer to one request of an agent, apart from the connection it came on.

import type { AgentReport, LinkList } from '../../model/links/report.js';
import { agentNamePattern } from '../../model/links/report.js';
import { roundAt, roundS, spacingS } from '../../model/links/round.js';
import { parseTarget } from '../../model/links/target.js';
import { equalDigits, parseAuthorization, signatureOf } from '../protocol/authorization.js';
import { parseRawReport } from '../protocol/parse-raw-report.js';
import { parseReport, ReportError } from '../protocol/parse-report.js';
import type { Acceptance } from '../table/live-table.js';

/** A request. */
export interface AgentRequest {
  readonly method: string;
  /** With its query. */
  readonly path: string;
  readonly authorization: string | undefined;
  readonly body: Uint8Array;
  /** Bare keys are accepted: the connection is encrypted, or comes from this machine. */
  readonly isPrivate: boolean;
}

/** An answer; a reason is a line of text. */
export interface AgentAnswer {
  readonly status: number;
  readonly body: string;
  readonly type: 'application/json' | 'text/plain; charset=utf-8';
}

/** The means of answering. */
export interface AnswerGround {
  /** The valid keys of an agent, by its name. */
  readonly keysOf: (name: string) => readonly string[];
  readonly isRefused: (name: string) => boolean;
  readonly accept: (name: string, report: AgentReport, nowS: number) => Acceptance;
  readonly listOf: (name: string) => LinkList;
  readonly nowS: () => number;
}

/** Seconds by which the clock of an agent may be off. */
const clockToleranceS = 60;

/** Reports are of the present: a round that an agent has not begun, or whose report would be late by another one, is refused. */
const roundTolerance = 1;

const route = /^\/api\/v1\/agents\/([^/?]{1,63})\/(links|list\.txt|results|fping)$/;

/** Answers a request. */
export function answerAgent(request: AgentRequest, ground: AnswerGround): AgentAnswer {
  const [, name = '', what = ''] = route.exec(request.path) ?? [];
  if (!agentNamePattern.test(name)) return reason(404, 'there is nothing here: see docs/agent.md');
  const isRead = what === 'links' || what === 'list.txt';
  if (request.method !== (isRead ? 'GET' : 'POST')) return reason(405, `use ${isRead ? 'GET' : 'POST'}`);
  const refusal = refusalOf(request, name, ground);
  if (refusal !== null) return refusal;
  if (isRead) return listed(ground.listOf(name), what);
  return reported(request.body, { name, isRaw: what === 'fping' }, ground);
}

/** Why a request is not the agent's own; null if it is. */
function refusalOf(request: AgentRequest, name: string, { keysOf, isRefused, nowS }: AnswerGround): AgentAnswer | null {
  const claim = parseAuthorization(request.authorization);
  if (claim === null) return reason(401, 'no valid Authorization header: sign requests as docs/agent.md says');
  if (isRefused(name)) return reason(403, `the policy no longer accepts the agent ${name}`);
  const wrong = reason(
    401,
    `this is not the key of ${name}: "lvs-stats links --token ${name} --agents FILE" prints it`,
  );
  if (claim.scheme === 'bearer') {
    if (!request.isPrivate)
      return reason(401, 'a bare key is accepted over TLS or from this machine only: sign requests');
    return keysOf(name).some((key) => equalDigits(key, claim.token)) ? null : wrong;
  }
  if (claim.name !== name) return wrong;
  const { method, path, body } = request;
  const isSigned = keysOf(name).some((key) =>
    equalDigits(signatureOf(key, { method, path, timeS: claim.timeS, body }), claim.signature),
  );
  if (!isSigned) return wrong;
  const offS = Math.round(claim.timeS - nowS());
  if (Math.abs(offS) <= clockToleranceS) return null;
  return reason(401, `the clock of ${name} is ${Math.abs(offS)} s ${offS > 0 ? 'ahead' : 'behind'}`);
}

function listed(list: LinkList, what: string): AgentAnswer {
  if (what === 'links') return { status: 200, body: `${JSON.stringify(list)}\n`, type: 'application/json' };
  const addresses = list.links.flatMap(({ to }) => {
    const target = parseTarget(to);
    return target === null || target.port !== null ? [] : [target.address];
  });
  const head = `# round ${roundS} phase ${list.phaseS} probes ${list.probes} spacing ${spacingS}`;
  return { status: 200, body: `${[head, ...addresses].join('\n')}\n`, type: plain };
}

function reported(
  body: Uint8Array,
  { name, isRaw }: { readonly name: string; readonly isRaw: boolean },
  { accept, nowS }: AnswerGround,
): AgentAnswer {
  const now = nowS();
  const current = roundAt(name, now);
  try {
    const report = isRaw ? parseRawReport(body, current) : parseReport(body);
    if (report.round > current + roundTolerance || report.round < current - roundTolerance) {
      return reason(409, `round ${report.round} is not now: this is round ${current}`);
    }
    const acceptance = accept(name, report, Math.floor(now));
    if (acceptance.kind === 'taken') return { status: 204, body: '', type: plain };
    if (acceptance.kind === 'repeated') return reason(409, `round ${acceptance.round} was reported already`);
    return reason(507, 'this server watches as many agents as it can: see docs/links.md');
  } catch (error) {
    if (error instanceof ReportError) return reason(400, error.message);
    throw error;
  }
}

const plain = 'text/plain; charset=utf-8';

/** An answer with a reason. */
export function reason(status: number, text: string): AgentAnswer {
  return { status, body: `${text}\n`, type: plain };
}
