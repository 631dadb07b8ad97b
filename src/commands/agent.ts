// `lvs-stats agent`: watches the links of this host, and reports them to the servers.

import { type Command, InvalidArgumentError, Option } from 'commander';
import { openHost } from '../agent/host/host.js';
import { openImports } from '../agent/imports/open-import.js';
import type { Say } from '../agent/log.js';
import { openChecks } from '../agent/mackerel/checks.js';
import { accessLogRates } from '../agent/nginx/access-log.js';
import type { NginxRates } from '../agent/nginx/rates.js';
import { stubStatusRates } from '../agent/nginx/stub-status.js';
import { openJournal } from '../agent/pool/journal.js';
import { openPeers, type PeerOptions } from '../agent/pool/open-peers.js';
import { openPeerReport, type ReportPeers } from '../agent/pool/report-peers.js';
import { runAgent } from '../agent/run-agent.js';
import { parseServerUrl, type ServerUrl } from '../agent/server/server-url.js';
import { machineClock, timingOf } from '../agent/timing.js';
import { untilSignal } from '../cli/ending.js';
import {
  type AgentLoginOptions,
  addAgentLogin,
  agentNameOf,
  readAgentKey,
  readCertificates,
} from '../cli/options/agent-options.js';
import { addCommand, addLogFormat, say } from '../cli/settings.js';
import { placeWordPattern } from '../model/links/report.js';
import { patiently } from '../model/patience.js';
import { UserError } from '../model/user-error.js';

interface AgentOptions extends AgentLoginOptions, PeerOptions {
  readonly role?: string;
  readonly dc?: string;
  readonly import?: readonly string[];
  readonly nginxStatus?: string;
  readonly nginxLog?: string;
  readonly once?: boolean;
}

const help = `
Every two minutes it pings its links with fping (ten pings, spread over the round), and reports the results to each server, with the connections of
this host. The server says which links to watch. A server that is away holds up nothing.

--import nginx:FILE (a configuration), haproxy:SOCKET, pdns:LOG (questions to PowerDNS), file:FILE (an address or HOST:PORT per line). They are
read again when they change. A director needs none: its real servers are in /proc/net/ip_vs.

With --serf, it also watches the applications of the members of a Serf pool: every five seconds each is probed by two others, by its tag svc
(KIND/PORT, such as redis/6379). No server is needed for that; those of --to also get the verdicts.

Examples:
  lvs-stats agent --to https://lb1.example.com:8443 --key /etc/lvs-stats-agent.key
  lvs-stats agent --to https://lb1:8443 --to https://lb2:8443 --ca /etc/ssl/own.pem --role web --dc tx --key agent.key
  lvs-stats agent --serf 127.0.0.1:7373 --join-from 6379,3306 --peer-metrics 127.0.0.1:9747`;

/** Adds the command. */
export function addAgent(program: Command): void {
  const command = addCommand(program, 'agent', {
    group: 'Collect',
    description: 'Watches the links of this host, and reports them to a server.',
  });
  addLogFormat(addAgentLogin(command))
    .option('--role <role>', 'role of this host, such as web', placeWord)
    .option('--dc <dc>', 'data centre of this host', placeWord)
    .addOption(new Option('--import <kind:path>', 'take targets from here (repeatable)').argParser(imports))
    .option('--nginx-status <url>', "report nginx's requests, from its page of stub_status")
    .option('--nginx-log <file>', "report nginx's requests and errors, from its access log")
    .option('--serf <address>', "watch peers: HOST:PORT of Serf's RPC on this host")
    .option('--serf-auth <file>', "file with Serf's rpc_auth, which others must not read")
    .option('--serf-wan', 'hold verdicts for 120 s instead of 30 s, as Serf takes with -profile=wan')
    .option('--serf-leave', 'let Serf leave its pool when the agent ends')
    .option('--probe-logins <file>', 'users and passwords of probes, a line "KIND USER PASSWORD" each, mode 0600')
    .option(
      '--join-from <ports>',
      'join the hosts that are connected with this one over these ports, such as 6379,3306',
    )
    .option('--join-cidr <networks>', 'join hosts in these networks only (private ones without it)')
    .option('--peer-metrics <address>', 'serve /metrics about peers at HOST:PORT')
    .option('--mackerel-key <file>', 'report to Mackerel: file with its API key, which others must not read')
    .option('--mackerel-service <name>', 'the service in Mackerel that gets metrics about peers')
    .option('--mackerel-host <id>', "the id of this host in Mackerel, for checks (mackerel-agent's without it)")
    .option('--mackerel-url <url>', 'where Mackerel is (https://api.mackerelio.com without it)')
    .option('--once', 'end after one round')
    .addHelpText('after', help)
    .action(agent);
}

function placeWord(text: string): string {
  if (placeWordPattern.test(text)) return text;
  throw new InvalidArgumentError('Write letters, digits, ".", "_" and "-", at most 40 characters.');
}

/** Limit of a request, and the first wait before it is repeated, ms. */
const [timeoutMs, retryMs] = [5000, 1000];

async function agent(options: AgentOptions): Promise<void> {
  const { to = [], serf, once = false } = options;
  if (serf !== undefined && once) throw new UserError('bad-command', '--once is about links: leave out --serf');
  const report = (text: string, level: 'notice' | 'warning' | 'error'): void => say(text, { level });
  const signal = untilSignal();
  // Whichever part fails ends the other.
  const ending = new AbortController();
  const place = {
    ...{ say: report, timeoutMs: patiently(timeoutMs), retryMs },
    signal: AbortSignal.any([signal, ending.signal]),
  };
  const isAlone = serf !== undefined && to.length === 0;
  const checks = openChecks();
  const journal = openJournal(report, checks.note);
  const peers = serf === undefined ? null : openPeerReport(journal, machineClock, report);
  try {
    await Promise.all([
      openPeers(options, { ...place, journal, checks }),
      ...(isAlone ? [] : [watchLinks(options, place, peers)]),
    ]);
  } catch (error) {
    ending.abort();
    throw error;
  }
}

interface Place {
  readonly say: Say;
  readonly signal: AbortSignal;
  readonly timeoutMs: number;
  readonly retryMs: number;
}

async function watchLinks(options: AgentOptions, place: Place, peers: ReportPeers | null): Promise<void> {
  const { role, dc, once = false } = options;
  const servers = serversOf(options);
  const login = { name: agentNameOf(options), key: readAgentKey(options, process.env), ca: readCertificates(options) };
  for (const { name } of servers.filter(({ isOpenToReaders }) => isOpenToReaders)) {
    place.say(
      `reports to ${name} can be read on the way, since it is not https:// (the key is not among them)`,
      'warning',
    );
  }
  const host = openHost({
    procRoot: '/proc',
    place: { ...(role !== undefined && { role }), ...(dc !== undefined && { dc }) },
    imports: openImports(options.import ?? [], machineClock),
    nginx: nginxOf(options),
    say: place.say,
  });
  const timing = timingOf(login.name);
  const named = peers === null ? {} : { peers };
  const plan = { ...place, ...named, login, servers, host, timing, clock: machineClock, isOnce: once };
  const isTaken = await runAgent(plan);
  if (once && !isTaken && !place.signal.aborted) process.exitCode = 1;
}

/** A blank before another kind separates two imports, as settings have them; other blanks belong to a path. */
function imports(text: string, before: readonly string[] = []): readonly string[] {
  return [...before, ...text.trim().split(/\s+(?=[a-z]+:)/)];
}

function nginxOf({ nginxStatus, nginxLog }: AgentOptions): NginxRates | null {
  if (nginxStatus !== undefined && nginxLog !== undefined) {
    throw new UserError('bad-command', 'use either --nginx-status or --nginx-log: the log has the requests, too');
  }
  if (nginxLog !== undefined) return accessLogRates(nginxLog, machineClock);
  return nginxStatus === undefined ? null : stubStatusRates(nginxStatus, machineClock);
}

function serversOf({ to = [] }: AgentOptions): readonly ServerUrl[] {
  if (to.length === 0)
    throw new UserError('bad-command', 'an agent needs a server, --to https://HOST:PORT, or Serf, --serf HOST:PORT');
  if (to.length > mostServers) throw new UserError('bad-command', `an agent reports to at most ${mostServers} servers`);
  const all = new Map(to.map(parseServerUrl).map((server) => [server.name, server]));
  return [...all.values()];
}

const mostServers = 8;
