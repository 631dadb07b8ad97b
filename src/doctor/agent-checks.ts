// Checks of an agent: can it ping, is its clock right, do its servers answer and accept its key?

import { countOf } from '../model/text/count-of.js';
import { type Check, fine, problem, warning } from './check.js';

/** The result of examining an agent. */
export interface ExaminedAgent {
  readonly name: string;
  /** Why it cannot ping; null if it can. */
  readonly pingProblem: string | null;
  /** Why it has no key; null if it has one. */
  readonly keyProblem: string | null;
  readonly servers: readonly {
    readonly name: string;
    readonly status: number | null;
    readonly text: string;
    readonly aheadS: number | null;
    readonly links: number | null;
  }[];
}

/** Seconds by which a server allows a clock to be wrong. */
const clockSlackS = 60;

/** The checks of an agent. */
export function checkAgent({ name, pingProblem, keyProblem, servers }: ExaminedAgent): readonly Check[] {
  return [
    pingProblem === null ? fine('fping', 'it is installed, and may ping') : problem('fping', pingProblem, null),
    ...(keyProblem === null ? [] : [problem('agent key', keyProblem, null)]),
    ...servers.flatMap((server) => [serverCheck(name, server), ...clockCheck(server)]),
  ];
}

function serverCheck(agent: string, { name, status, text, links }: ExaminedAgent['servers'][number]): Check {
  const title = 'links server';
  const said = text === '' ? '' : ` (${text})`;
  if (status === null) return problem(title, `${name} cannot be reached${said}`, `curl -v ${name}`);
  if (status === 401) {
    const remedy = `on the server: lvs-stats links --token ${agent} --agents FILE\nput it into the file of the key, and set the clock if that is wrong`;
    return problem(title, `${name} refuses the key of the agent ${agent}${said}`, remedy);
  }
  if (links === null) {
    return problem(
      title,
      `${name} answers ${status}${said}: it does not know the agent ${agent}, or is no server of agents`,
      null,
    );
  }
  const found = `${name} accepts the key of the agent ${agent}, and has ${countOf(links, 'link')} for it`;
  return text === '' ? fine(title, found) : warning(title, `${found}; ${text}`, null);
}

function clockCheck({ name, aheadS }: ExaminedAgent['servers'][number]): readonly Check[] {
  if (aheadS === null || Math.abs(aheadS) <= clockSlackS) return [];
  const how = `${Math.round(Math.abs(aheadS))} s ${aheadS > 0 ? 'behind' : 'ahead of'} that of ${name}`;
  return [warning('agent clock', `this clock is ${how}: the agent uses the server's`, 'timedatectl set-ntp true')];
}
