// Reads the report of `agent.sh`: the output of `fping -C 10`, and after a line `# connections` the host's connections.
//
//     10.1.2.3 : 0.41 0.38 - 0.40 0.39 0.41 0.40 0.38 0.39 0.40
//     # connections
//     out 10.1.0.5 10.1.2.3 3306 12

import { parseFpingLine } from '../../model/links/fping-output.js';
import { linkResult } from '../../model/links/link-result.js';
import type { AgentReport, LinkResult, PeerConnections } from '../../model/links/report.js';
import { probesPerRound } from '../../model/links/round.js';
import { canonicalAddress, parseTarget } from '../../model/links/target.js';
import { mostRttMs, ReportError } from './parse-report.js';

/** A single answer, as fping prints it without -q, and duplicates also with it. */
const messagePattern = / : (\[\d+\]|duplicate)/;
const connectionPattern = /^(in|out) (\S{1,60}) (\S{1,60}) (\d{1,5}) (\d{1,7})$/;

/** Parses a body. `round` is that of its arrival. Throws a `ReportError` that names the line. */
export function parseRawReport(body: Uint8Array, round: number): AgentReport {
  const lines = Buffer.from(body).toString('latin1').split('\n');
  const results: LinkResult[] = [];
  const connections: PeerConnections[] = [];
  let isAfterMark = false;
  for (const [i, text] of lines.entries()) {
    const line = text.trimEnd();
    if (line === '# connections') isAfterMark = true;
    else if (isAfterMark && line !== '') connections.push(connectionOf(line, i + 1));
    else if (!isAfterMark && line.includes(' : ') && !messagePattern.test(line)) results.push(resultOf(line, i + 1));
    // Other lines are messages, such as "ICMP Host Unreachable from 10.1.0.5 for ICMP Echo sent to 10.1.2.3".
  }
  return { round, part: 0, about: {}, results, connections, imports: [] };
}

function resultOf(line: string, number: number): LinkResult {
  const read = parseFpingLine(line);
  const target = parseTarget(read?.address ?? '');
  const times = read?.times ?? [];
  const own = target === null || times.length > probesPerRound ? null : linkResult(target.address, times);
  if (own === null || (own.rttMax ?? 0) > mostRttMs) {
    throw new ReportError(
      `line ${number} is not an address with up to ${probesPerRound} times, as "fping -C ${probesPerRound}" prints`,
    );
  }
  return own;
}

function connectionOf(line: string, number: number): PeerConnections {
  const [, dir, local = '', peer = '', port, n] = connectionPattern.exec(line) ?? [];
  const [own, other] = [canonicalAddress(local), canonicalAddress(peer.replace(/\/\d{1,3}$/, ''))];
  if ((dir !== 'in' && dir !== 'out') || own === null || other === null || Number(port) > 65_535) {
    throw new ReportError(
      `line ${number} is not a connection: write "out LOCAL PEER PORT N" or "in LOCAL PEER PORT N"`,
    );
  }
  const isNetwork = peer.includes('/');
  return { dir, local: own, peer: isNetwork ? peer : other, port: Number(port), n: Number(n) };
}
