// The verdicts on peers as servers take them. A server refuses a whole report for one name that it does not understand, so such a verdict is left
// out, and so is what exceeds the most.

import {
  memberNamePattern,
  memberServicePattern,
  mostPeers,
  mostWitnesses,
  type PeerReport,
} from '../../model/links/report.js';
import { countOf } from '../../model/text/count-of.js';
import type { PeerVerdict } from '../../peers/state.js';
import type { Say } from '../log.js';
import { openOutage } from '../outage.js';
import type { Clock } from '../timing.js';
import type { Journal } from './journal.js';

/** Gives the verdicts in force for a report at a time of the server's clock, epoch seconds. */
export type ReportPeers = (nowS: number) => readonly PeerReport[];

/** Reports what a journal has; what is left out is said once. */
export function openPeerReport(journal: Journal, clock: Pick<Clock, 'steadyMs'>, say: Say): ReportPeers {
  const outage = openOutage(say);
  return (nowS) => {
    const nowMs = clock.steadyMs();
    const { verdicts } = journal.findings(nowMs);
    const fitting = verdicts.filter(isReportable).slice(0, mostPeers);
    const left = verdicts.length - fitting.length;
    if (left === 0) outage.worked('all verdicts on peers are reported again');
    else
      outage.failed(
        'left',
        `${countOf(left, 'verdict')} on peers cannot be reported to servers: their names must be of letters, digits, ".", "_" and "-", and ${mostPeers} at most are taken`,
      );
    return fitting.map(({ target, outcome, witnesses, sinceMs }) => ({
      member: target.member,
      svc: target.service ?? '',
      outcome,
      sinceS: Math.max(0, Math.floor(nowS - (nowMs - sinceMs) / 1000)),
      witnesses: witnesses.filter((name) => memberNamePattern.test(name)).slice(0, mostWitnesses),
    }));
  };
}

function isReportable({ target: { member, service } }: PeerVerdict): boolean {
  return memberNamePattern.test(member) && (service === null || memberServicePattern.test(service));
}
