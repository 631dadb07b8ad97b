// The live table as rows.

import { isStale, lossOf, verdictOnLink } from '../../interpret/links/link-history.js';
import { linkVerdicts } from '../../model/links/link.js';
import type { LiveRow } from '../../model/links/live-row.js';
import type { LinkRow } from '../../model/links/view.js';
import type { AgentState, LinkState } from './agent-state.js';
import type { LiveTable } from './live-table.js';

/** Natural order: web2 before web10. */
const byNumbers = new Intl.Collator('en', { numeric: true });

/** All agents with their links. */
export interface LiveRows {
  readonly agents: readonly LiveRow[];
  readonly links: readonly LinkRow[];
}

/** The rows of a table at a time, epoch seconds. */
export function liveRows(table: LiveTable, nowS: number): LiveRows {
  const agents = [...table.agents().values()].toSorted((a, b) => byNumbers.compare(a.name, b.name));
  const links = new Map(agents.map((agent) => [agent, linksOf(table, agent, nowS)]));
  return {
    agents: agents.map((agent) => rowOf(table, agent, { links: links.get(agent) ?? [], nowS })),
    links: [...links.values()].flat().toSorted((a, b) => rankOf(a) - rankOf(b)),
  };
}

function rankOf({ verdict }: LinkRow): number {
  return linkVerdicts.indexOf(verdict);
}

function linksOf(table: LiveTable, agent: AgentState, nowS: number): readonly LinkRow[] {
  const [fromDc, fromRole] = [table.dcOf(agent), table.roleOf(agent)];
  return [...agent.links.values()].flatMap(({ to, history }: LinkState) => {
    if (history === null) return [];
    const { rtt, usualRtt, lostS, lastS } = history;
    const { dc: toDc, role: toRole } = table.placeOfTarget(to);
    const verdict = verdictOnLink(history, nowS, table.thresholds());
    return [
      {
        agent: agent.name,
        to,
        verdict,
        loss: orNull(lossOf(history)),
        rtt: orNull(rtt),
        usualRtt: orNull(usualRtt),
        lostS,
        lastS,
        fromDc,
        toDc,
        fromRole,
        toRole,
      },
    ];
  });
}

function orNull(value: number): number | null {
  return Number.isNaN(value) ? null : value;
}

interface RowGround {
  readonly links: readonly LinkRow[];
  readonly nowS: number;
}

function rowOf(table: LiveTable, agent: AgentState, { links, nowS }: RowGround): LiveRow {
  const { name, about, lastS } = agent;
  const countOf = (wanted: LinkRow['verdict']): number => links.filter(({ verdict }) => verdict === wanted).length;
  // A link that was lost stays so while its agent is silent.
  const lost = links.filter(({ lostS }) => lostS !== null).length;
  const isSilent = isStale(lastS, nowS);
  const own = isSilent ? {} : about;
  return {
    name,
    disconnect: lost,
    dataCenter: table.dcOf(agent),
    role: table.roleOf(agent),
    load: own.load ?? null,
    nginxErrRate: own.nginxErrRate ?? null,
    connectivity: isSilent || links.length === 0 ? null : (100 * (links.length - lost)) / links.length,
    nginxAccessRate: own.nginxAccessRate ?? null,
    nginx4xx: own.nginx4xx ?? null,
    nginx5xx: own.nginx5xx ?? null,
    nginx504: own.nginx504 ?? null,
    links: links.length,
    lossy: countOf('lossy'),
    slow: countOf('slow'),
    stale: isSilent ? 1 : 0,
    lastSeen: lastS,
  };
}
