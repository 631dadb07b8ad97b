// `lvs-stats doctor`: the faults of this machine's installation, and their remedies.

import type { Command } from 'commander';
import type { MackerelOptions } from '../agent/mackerel/mackerel-options.js';
import { readSettingsFile } from '../cli/configure.js';
import { addDriftOptions, type DriftOptions, referencePlaces } from '../cli/drift/drift-options.js';
import {
  type AgentLoginOptions,
  addAgentLogin,
  agentNameOf,
  readAgentKey,
  readCertificates,
} from '../cli/options/agent-options.js';
import { type DrawnPictures, drawOption } from '../cli/options/draw-option.js';
import { retentionOption } from '../cli/options/retention-option.js';
import { addPolicyOption, readPolicy } from '../cli/policy/policy-file.js';
import { addCommand, haproxyCaOption, haproxyOption, printText } from '../cli/settings.js';
import { readHandedStatus } from '../collect/ipvs/proc/handed-status.js';
import type { ExaminedAgent } from '../doctor/agent-checks.js';
import { diagnose } from '../doctor/diagnose.js';
import { formatDiagnosis } from '../doctor/format-diagnosis.js';
import type { ExaminedPeers } from '../doctor/peer-checks.js';
import { patiently } from '../model/patience.js';
import type { Retention } from '../model/retention.js';
import { UserError } from '../model/user-error.js';

/** Options from the command line, the environment and the file of settings. */
interface DoctorOptions extends DriftOptions, AgentLoginOptions, MackerelOptions {
  readonly serf?: string;
  readonly serfAuth?: string;
  readonly probeLogins?: string;
  readonly data: string;
  readonly ipvsadm?: string;
  readonly haproxy?: string;
  readonly haproxyCa?: string;
  readonly retention?: Retention;
  readonly policy?: string;
  readonly draw: DrawnPictures;
  readonly config: string;
}

/** Adds the command. */
export function addDoctor(program: Command): void {
  const command = addCommand(program, 'doctor', {
    group: 'Watch',
    description: 'Reports what this machine lacks, and how to fix it.',
  });
  addAgentLogin(addDriftOptions(addPolicyOption(command)))
    .option('--ipvsadm <command>', 'run this instead of ipvsadm')
    .addOption(haproxyOption())
    .addOption(haproxyCaOption())
    .addOption(retentionOption())
    .addOption(drawOption())
    .option('--serf <address>', "HOST:PORT of Serf's RPC, to check what an agent needs for peers")
    .option('--serf-auth <file>', "file with Serf's rpc_auth")
    .option('--probe-logins <file>', 'users and passwords of probes')
    .option('--mackerel-key <file>', 'file with the API key of Mackerel')
    .addHelpText('after', '\nChanges nothing and loads no module. Exit status 1 when there is a problem.')
    .action(async (options: DoctorOptions) => {
      const { data, ipvsadm, haproxy, haproxyCa, retention, policy, config } = options;
      const { fontProblem } = await import('../render/png/picture-font.js');
      const checks = await diagnose({
        nodeVersion: process.version,
        ipvsadm: { replacement: ipvsadm ?? null, path: process.env['PATH'] ?? '' },
        haproxy: haproxy ?? null,
        haproxyCa: haproxyCa ?? null,
        procRoot: '/proc',
        handedStatus: readHandedStatus(process.env),
        dataDir: data,
        userId: process.getuid?.() ?? null,
        nowS: () => Date.now() / 1000,
        fontProblem,
        root: '/',
        ...(retention === undefined ? {} : { stepS: retention.stepS }),
        settings: { file: config, problem: await settingsProblem(config) },
        policyProblem: (await readPolicy(policy, () => Date.now() / 1000)).problem?.text ?? null,
        isOnlyViewed: options.draw === 'looked-at',
        drift: referencePlaces(options),
        agent: options.to === undefined ? null : await examine(options),
        peers: options.serf === undefined ? null : await examinePeers(options.serf, options),
      });
      printText(formatDiagnosis(checks));
      if (checks.some(({ state }) => state === 'problem')) process.exitCode = 1;
    });
}

/** Tries out what the agent of this host needs. */
async function examine(options: DoctorOptions): Promise<ExaminedAgent> {
  const { tryPing, tryServer } = await import('../agent/examine.js');
  const { parseServerUrl } = await import('../agent/server/server-url.js');
  const { timingOf } = await import('../agent/timing.js');
  const name = agentNameOf(options);
  const pingProblem = (await tryPing())?.text ?? null;
  try {
    const login = { name, key: readAgentKey(options, process.env), ca: readCertificates(options) };
    const servers = (options.to ?? []).map(parseServerUrl);
    const tried = servers.map((at) => tryServer(at, { login, timing: timingOf(name) }));
    return { name, pingProblem, keyProblem: null, servers: await Promise.all(tried) };
  } catch (error) {
    if (error instanceof UserError) return { name, pingProblem, keyProblem: error.message, servers: [] };
    throw error;
  }
}

/** Tries out Serf, and reads the files with keys. */
async function examinePeers(address: string, options: DoctorOptions): Promise<ExaminedPeers> {
  const { tryPool } = await import('../agent/pool/examine-pool.js');
  const { parseSerfAddress } = await import('../agent/serf/serf-address.js');
  const { mackerelKeyFile, readSecret, serfKeyFile } = await import('../agent/secret-file.js');
  const { readLogins } = await import('../agent/peers/logins.js');
  const { serfAuth, probeLogins, mackerelKey } = options;
  try {
    const at = parseSerfAddress(address);
    if (probeLogins !== undefined) readLogins(probeLogins, process.env);
    if (mackerelKey !== undefined) readSecret(mackerelKeyFile(mackerelKey), process.env);
    const authKey = serfAuth === undefined ? null : readSecret(serfKeyFile(serfAuth), process.env);
    return { fileProblem: null, pool: await tryPool({ at, authKey, timeoutMs: patiently(serfTimeoutMs) }) };
  } catch (error) {
    if (error instanceof UserError) return { fileProblem: error.message, pool: null };
    throw error;
  }
}

const serfTimeoutMs = 5000;

/** The fault of the settings; null when there is none. */
async function settingsProblem(file: string): Promise<string | null> {
  try {
    const text = readSettingsFile(file, false);
    if (text === null) return null;
    const { parseSettings } = await import('../cli/settings-file.js');
    parseSettings(text, file);
    return null;
  } catch (error) {
    if (error instanceof UserError) return error.message;
    throw error;
  }
}
