// The parts of an agent's unit that options of `setup --agent` and the machine's settings decide: servers and their key, Serf, files with keys.

import { parseSerfAddress } from '../../agent/serf/serf-address.js';
import { UserError } from '../../model/user-error.js';
import type { AgentInstallation } from '../../setup/agent-unit.js';
import { handedSecrets } from '../../setup/handed-files.js';
import { usualTitle } from '../../setup/installation.js';
import { directorSetting } from '../director-settings.js';

/** The options about peers, and the machine. */
export interface AgentSetup {
  readonly root: string;
  readonly isDry: boolean;
  readonly serf?: string;
  readonly serfWan?: boolean;
  readonly serfLeave?: boolean;
}

/** The parts of the unit. Throws a `UserError` if it would not start. */
export function agentParts(request: AgentSetup): Pick<AgentInstallation, 'hasServers' | 'handed' | 'peers'> {
  const { root, isDry } = request;
  const settingOf = (name: string) => directorSetting(root, usualTitle, name);
  const peers = peerWords(request, settingOf('serf'));
  const isNamed = settingOf('to') !== undefined;
  if (!isDry && !isNamed && peers === null) {
    throw new UserError(
      'bad-config',
      `the agent needs its server, or Serf: write "to: https://HOST:PORT" into /etc/${usualTitle}.yaml, or use --serf HOST:PORT`,
    );
  }
  const handed = peers === null ? [] : handedSecrets(settingOf, { root, isDry });
  return { hasServers: isNamed || peers === null, handed, peers: peers ?? [] };
}

/** The options of the agent about peers; null if it watches none. What the settings say is not repeated. */
function peerWords({ serf, serfWan, serfLeave }: AgentSetup, setting: string | undefined): readonly string[] | null {
  const at = serf ?? setting;
  if (at === undefined && (serfWan === true || serfLeave === true))
    throw new UserError('bad-command', '--serf-wan and --serf-leave need Serf: --serf HOST:PORT');
  if (at === undefined) return null;
  parseSerfAddress(at);
  return [
    ...(serf === undefined ? [] : ['--serf', serf]),
    ...(serfWan === true ? ['--serf-wan'] : []),
    ...(serfLeave === true ? ['--serf-leave'] : []),
  ];
}
