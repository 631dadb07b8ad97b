// The systemd unit of an agent. It needs CAP_NET_RAW for fping and nothing else: its user exists only while it runs (DynamicUser), and systemd passes
// its keys, which only root may read. Settings (its servers, role, imports) are in /etc/lvs-stats.yaml. See systemd.exec(5).

import { statSync } from 'node:fs';
import { join } from 'node:path';
import { agentKeyCredential, agentKeyFile } from '../model/installed-paths.js';
import { UserError } from '../model/user-error.js';
import type { SetupPlan } from './carry-out.js';
import type { Installation } from './installation.js';
import { signed } from './signature.js';
import { sandbox, unitCommand } from './unit-words.js';

const unit = 'lvs-stats-agent.service';

/** The path of the unit. */
export const agentUnitPath = `/etc/systemd/system/${unit}`;

/** The agent to install. */
export interface AgentInstallation extends Pick<Installation, 'node' | 'program' | 'version' | 'handed'> {
  /** Null for that of the machine. */
  readonly name: string | null;
  /** Whether it has servers, and so a key. */
  readonly hasServers: boolean;
  /** Options about peers, beyond the settings. */
  readonly peers: readonly string[];
}

/** The unit, and the step that starts it. */
export function agentPlan(installation: AgentInstallation): SetupPlan {
  const text = signed(agentUnit(installation), installation.version);
  const purpose = 'the agent, as a user of its own with CAP_NET_RAW only';
  return {
    before: [],
    files: [{ path: agentUnitPath, text, purpose }],
    after: [
      ['systemctl', 'daemon-reload'],
      ['systemctl', 'enable', unit],
      ['systemctl', 'restart', unit],
    ],
  };
}

/** The steps that remove the unit. */
export const agentRemoval = {
  before: [['systemctl', 'disable', '--now', unit]],
  paths: [agentUnitPath],
  after: [['systemctl', 'daemon-reload']],
} as const;

/** fping gives up its rights by setresuid(2), which is among the privileged calls. */
function agentUnit({ node, program, name, hasServers, handed, peers }: AgentInstallation): string {
  const command = [node, program, 'agent', ...(name === null ? [] : ['--name', name]), ...peers];
  const key = { credential: agentKeyCredential, file: agentKeyFile };
  const credentials = [...(hasServers ? [key] : []), ...handed]
    .map(({ credential, file }) => `LoadCredential=${credential}:${file}\n`)
    .join('');
  return `[Unit]
Description=Watch the links and the peers of this host
Wants=network-online.target
After=network-online.target serf.service

[Service]
ExecStart=${unitCommand(command)}
Restart=on-failure
RestartSec=30
DynamicUser=yes
${credentials}AmbientCapabilities=CAP_NET_RAW
CapabilityBoundingSet=CAP_NET_RAW
RestrictAddressFamilies=AF_UNIX AF_NETLINK AF_INET AF_INET6
MemoryMax=256M
TasksMax=64
${sandbox}SystemCallFilter=@setuid
SystemCallErrorNumber=EPERM

[Install]
WantedBy=multi-user.target
`;
}

/** Throws a `UserError` unless there is a key that only root may read: the unit would not start. */
export function requireAgentKey(root: string): void {
  const stats = statSync(join(root, agentKeyFile), { throwIfNoEntry: false });
  if (stats === undefined) {
    throw new UserError(
      'bad-config',
      `there is no ${agentKeyFile}: print the key with "lvs-stats links --token NAME --agents FILE" on the server, and put it there`,
    );
  }
  if ((stats.mode & 0o077) === 0) return;
  throw new UserError('bad-config', `users other than root may use ${agentKeyFile}: chmod 600 ${agentKeyFile}`);
}
