// Where a server's pages go: by its options, and by the policy's mail.

import { alertmanager } from '../../alert/channels/alertmanager.js';
import type { Channel } from '../../alert/channels/channel.js';
import { hookChannel } from '../../alert/channels/hook.js';
import { mailChannel } from '../../alert/channels/mail.js';
import { parseReceiverUrl, type ReceiverUrl } from '../../alert/channels/receiver-url.js';
import type { Receivers } from '../../alert/pager.js';
import { splitCommand } from '../../collect/ipvs/split-command.js';
import type { MailPolicy } from '../../model/policy/mail.js';

/** The options of a server about pages. */
export interface PageOptions {
  readonly onFinding?: string;
  readonly alertmanager?: readonly string[];
  readonly heartbeat?: string;
  readonly director: string;
}

/** The targets that the options name. */
export interface PageTargets {
  readonly hook: Channel | null;
  readonly alertmanagers: readonly ReceiverUrl[];
  readonly heartbeat: ReceiverUrl | null;
  readonly director: string;
}

/** The targets of options. Throws an error that names the wrong option, and shows no password. */
export function parsePageOptions({
  onFinding,
  alertmanager: urls = [],
  heartbeat,
  director,
}: PageOptions): PageTargets {
  return {
    hook: onFinding === undefined ? null : hookChannel(splitCommand(onFinding, hookNames), director),
    alertmanagers: urls.map((url) => parseReceiverUrl(url, '--alertmanager')),
    heartbeat: heartbeat === undefined ? null : parseReceiverUrl(heartbeat, '--heartbeat'),
    director,
  };
}

const hookNames = {
  empty: 'the command of --on-finding is empty',
  form: "--on-finding '/usr/local/bin/page --urgent'",
};

/** The circumstances of receivers. */
export interface ReceiverGround {
  /** The step of the archives, seconds. */
  readonly stepS: number;
  readonly report: (text: string, level: 'error' | 'notice') => void;
}

/** The receivers of targets, and of the policy's mail. */
export function receiversOf(
  targets: PageTargets,
  mail: MailPolicy | null,
  { stepS, report }: ReceiverGround,
): Receivers {
  const { hook, alertmanagers, director } = targets;
  const mails = mail === null ? [] : [mailChannel(mail, { director, report: (text) => report(text, 'error') })];
  return {
    channels: [...(hook === null ? [] : [hook]), ...mails],
    states: alertmanagers.map((at) => alertmanager(at, stepS)),
  };
}
