// Who uses a virtual address, beside the map: the reasons why users are unknown, and the director's own counters. `lvs-stats map --uses`, the page and
// its interface say the same.

import { type CountedService, countedS, isInUse, type UseCounts, type UsesReport } from '../count-uses.js';

/** The report in sentences; none if the map is the whole answer. */
export function usesLines(report: UsesReport): readonly string[] {
  const { services, absent, isNow } = report;
  return [
    ...(absent === null ? [] : [absentText(report, absent)]),
    ...services.flatMap((service) => unseenText(service, isNow)),
  ];
}

function absentText(
  { vip, isNow }: UsesReport,
  { hosts, hasUsers, isOfAllPorts }: NonNullable<UsesReport['absent']>,
): string {
  const [first, ...others] = hosts;
  const owners =
    others.length === 0 ? `The address belongs to ${first}` : `Hosts that have the address: ${listed(hosts)}`;
  const shown = !hasUsers
    ? 'No connection to it is reported.'
    : first !== undefined && others.length === 0
      ? 'The map shows all that is connected to that host.'
      : 'The map shows who is connected to it.';
  return [
    `${vip} is no virtual service${isNow ? ' now' : ' at that hour'}.`,
    ...(first === undefined ? [] : [`${owners}.`]),
    shown,
    ...(isOfAllPorts ? ['Connections to all ports of the address are shown.'] : []),
  ].join(' ');
}

const mostListed = 5;

function listed(names: readonly string[]): string {
  const more = names.length - mostListed;
  return [...names.slice(0, mostListed), ...(more > 0 ? [`${more} more`] : [])].join(', ');
}

function unseenText({ name, unseen, counts }: CountedService, isNow: boolean): readonly string[] {
  if (unseen === null || counts === null) return [];
  const why =
    unseen === 'protocol'
      ? 'its users are unknown, since agents report TCP only'
      : 'its users are unknown, since agents see no firewall marks; only those are shown that a masqueraded real server reports';
  return [`${name}: ${why}. ${countsText(counts, isNow)}`];
}

function countsText(counts: UseCounts, isNow: boolean): string {
  const span = isNow ? `the last ${countedS / 60} minutes` : `the ${countedS / 60} minutes before`;
  const [is, now] = isNow ? ['is', ' now'] : ['was', ''];
  const isUsed = isInUse(counts);
  if (isUsed === null) return `The director's counters of ${span} are unknown.`;
  if (!isUsed) return `The director counted no connection and no packet in ${span}: it ${is} not in use${now}.`;
  const { connections, connsPerS, packetsPerS } = counts;
  const words = [
    `${figure(connections)} open connections`,
    `${figure(connsPerS)} new ones/s`,
    `${figure(packetsPerS)} packets/s`,
  ];
  return `It ${is} in use${now}: the director counted ${words.join(', ')} in ${span}.`;
}

function figure(value: number): string {
  return Number.isNaN(value)
    ? '?'
    : value >= 10
      ? String(Math.round(value))
      : value > 0 && value < 0.01
        ? 'under 0.01'
        : String(Number(value.toPrecision(2)));
}

/**
 * The report for JSON: `{"vip", "isService", "services": [{"service", "archive", "users": "reported" | "unknown", "inUse", "counters"}], "says"}`.
 * `inUse` and the counters are null if unknown, or where users are reported.
 */
export function usesRecord(report: UsesReport): object {
  return {
    vip: report.vip,
    isService: report.absent === null,
    services: report.services.map(({ name, archive, unseen, counts }) => ({
      ...{ service: name, archive, users: unseen === null ? 'reported' : 'unknown' },
      inUse: counts === null ? null : isInUse(counts),
      counters: counts === null ? null : countsRecord(counts),
    })),
    says: usesLines(report),
  };
}

function countsRecord(counts: UseCounts): object {
  const known = (value: number): number | null => (Number.isNaN(value) ? null : value);
  const { connections, connsPerS, packetsPerS } = counts;
  return {
    overS: countedS,
    connections: known(connections),
    connsPerS: known(connsPerS),
    packetsPerS: known(packetsPerS),
  };
}
