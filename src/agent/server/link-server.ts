// A server of agents as one of its agents sees it: the links that it asked for, the error of this machine's clock against its own, and whether it
// takes reports. Nothing here throws or waits for longer than it is allowed to: a server that is away holds up nobody.

import type { LinkTarget } from '../../model/links/target.js';
import { countOf } from '../../model/text/count-of.js';
import type { Say } from '../log.js';
import { openOutage } from '../outage.js';
import type { Clock, RoundTiming } from '../timing.js';
import { parseLinkList } from './parse-list.js';
import type { ServerUrl } from './server-url.js';
import { type AgentAnswer, type AgentRequest, type AgentSession, type Login, openSession } from './session.js';

/** A server. */
export interface LinkServer {
  readonly name: string;
  /** The links of its newest list. */
  readonly targets: () => readonly LinkTarget[];
  /** Seconds that its clock is ahead of this machine's; 0 until it has refused a request because of that. */
  readonly aheadS: () => number;
  /** Delivers the parts of a report until a time by `Clock.steadyMs`, and gets a new list. Resolves to whether the report was taken. */
  readonly exchange: (parts: readonly string[], untilMs: number) => Promise<boolean>;
}

/** The circumstances of a server. */
export interface ServerPlace {
  readonly login: Login;
  readonly timing: RoundTiming;
  readonly clock: Clock;
  readonly say: Say;
  readonly signal: AbortSignal;
  readonly timeoutMs: number;
  /** The first wait before another attempt, ms; it doubles. */
  readonly retryMs: number;
}

/** A clock is corrected if it is off by more than this, seconds: servers allow 60. */
const toleratedS = 30;

/** The shortest limit of a request, ms: an attempt may begin at the very end of a round. */
const leastTimeoutMs = 250;

/** Parts that a server has taken, and whether the next one is sent again. */
interface Done {
  parts: number;
  isRepeated: boolean;
}

/** Refuses another attempt. */
class RefusedError extends Error {
  readonly status: number;

  constructor(status: number, text: string) {
    super(text);
    this.status = status;
  }
}

/** A failure after which another attempt may succeed; `waitS` is the least wait before it. */
class PassingError extends Error {
  readonly waitS: number;

  constructor(text: string, waitS: number) {
    super(text);
    this.waitS = waitS;
  }
}

/** A server that no request has been sent to yet. */
export function openServer(at: ServerUrl, place: ServerPlace): LinkServer {
  const { clock, signal, say } = place;
  const [outage, listOutage] = [openOutage(say), openOutage(say)];
  let aheadS = 0;
  let targets: readonly LinkTarget[] = [];

  const sendOn = async (session: AgentSession, request: Omit<AgentRequest, 'timeS'>): Promise<AgentAnswer> => {
    const send = () => session.send({ ...request, timeS: Math.round(clock.nowMs() / 1000 + aheadS) });
    const answer = await send();
    if (answer.status !== 401 || answer.dateS === null) return answer;
    const offS = answer.dateS - clock.nowMs() / 1000;
    if (Math.abs(offS - aheadS) <= toleratedS) return answer;
    aheadS = offS;
    say(
      `this clock is ${clockText(offS)} that of ${at.name}: its time is used for rounds and signatures; set the clock right`,
      'warning',
    );
    return send();
  };

  const getList = async (session: AgentSession): Promise<void> => {
    const answer = await sendOn(session, { method: 'GET', resource: 'links', body: '', isLast: true });
    requireTaken(answer);
    const list = parseLinkList(answer.text, place.timing);
    if (list === null) throw new Error('its list of links is none: is it a server of agents?');
    targets = list.targets;
    if (list.problem === null) listOutage.worked(`the list of ${at.name} is understood again`);
    else listOutage.failed('list', `the list of ${at.name}: ${list.problem}`);
  };

  /** One attempt, from part `done.parts` on; no request of it lasts beyond the time. */
  const attempt = async (parts: readonly string[], done: Done, untilMs: number): Promise<void> => {
    const leftMs = Math.max(leastTimeoutMs, untilMs - clock.steadyMs());
    const session = openSession(at, place.login, Math.min(place.timeoutMs, leftMs));
    const stop = (): void => session.close();
    signal.addEventListener('abort', stop);
    try {
      for (; done.parts < parts.length; done.parts += 1) {
        const body = parts[done.parts] ?? '';
        const answer = await sendOn(session, { method: 'POST', resource: 'results', body, isLast: false });
        // The answer to an earlier attempt may have been lost.
        if (answer.status !== 409 || !done.isRepeated) requireTaken(answer);
        done.isRepeated = false;
      }
      await getList(session);
    } finally {
      signal.removeEventListener('abort', stop);
      session.close();
    }
  };

  return {
    name: at.name,
    targets: () => targets,
    aheadS: () => aheadS,
    async exchange(parts, untilMs) {
      const done: Done = { parts: 0, isRepeated: false };
      for (let waitMs = place.retryMs; ; waitMs *= 2) {
        try {
          await attempt(parts, done, untilMs);
          outage.worked(`${at.name} takes reports again`);
          return true;
        } catch (error) {
          if (signal.aborted) return false;
          outage.failed(keyOf(error), `${at.name} ${failureText(error, place.login.name)}`);
          const leastMs = error instanceof PassingError ? error.waitS * 1000 : 0;
          const pauseMs = Math.max(waitMs, leastMs);
          if (error instanceof RefusedError || clock.steadyMs() + pauseMs >= untilMs)
            return done.parts === parts.length;
          await clock.sleep(pauseMs, signal);
          done.isRepeated = true;
        }
      }
    },
  };
}

function requireTaken({ status, text, retryAfterS }: AgentAnswer): void {
  if (status >= 200 && status < 300) return;
  const said = text.trim().split('\n')[0]?.slice(0, 200) ?? '';
  if (status === 429 || status >= 500) throw new PassingError(`answers ${status} (${said})`, retryAfterS ?? 0);
  throw new RefusedError(status, said);
}

function keyOf(error: unknown): string {
  if (error instanceof RefusedError) return `refused ${error.status}`;
  return 'away';
}

function failureText(error: unknown, name: string): string {
  if (error instanceof RefusedError) return refusalText(error, name);
  if (error instanceof PassingError) return `${error.message}: results are dropped until it takes them`;
  const first = error instanceof AggregateError ? error.errors[0] : error;
  const code = first instanceof Error && 'code' in first ? String(first.code) : '';
  const why = code === '' && first instanceof Error ? first.message : `${code}${certificateHint(code)}`;
  return `cannot be reached (${why}): results are dropped until it answers`;
}

function certificateHint(code: string): string {
  return /CERT|ISSUER|SELF_SIGNED|ALTNAME/.test(code) ? '; name the certificates that you trust with --ca FILE' : '';
}

function refusalText({ status, message }: RefusedError, name: string): string {
  const said = message === '' ? '' : ` ("${message}")`;
  if (status === 401)
    return `refuses the key${said}: get the key of ${name} with "lvs-stats links --token ${name} --agents FILE" on the server, and put it into the file of --key`;
  if (status === 404)
    return `does not know the agent ${name}, or serves no agents${said}: check --to and --name, and the policy of the server`;
  if (status === 409)
    return `already has the report about this round${said}: does another agent have the name ${name}?`;
  return `refuses the report with ${status}${said}`;
}

function clockText(offS: number): string {
  return `${countOf(Math.round(Math.abs(offS)), 'second')} ${offS > 0 ? 'behind' : 'ahead of'}`;
}
