// Names that the files of setup and the program share: what root hands to processes without its rights.

/**
 * The file below /proc/net in which Linux 7 reports how full its connection table is, and the credential of systemd that passes it on: only root
 * may read it.
 */
export const statusFile = 'ip_vs_status';

/** The variable in which cron's line passes its first two lines. */
export const statusVariable = 'IP_VS_STATUS';

/** The credentials of systemd that pass on references of drift which only root may read. */
export const referenceCredentials = { keepalived: 'drift-keepalived', golden: 'drift-golden' } as const;

/** The largest of these that certainly starts: systemd.exec(5) has a limit of 1 MiB for all credentials of a unit. */
export const mostCredentialBytes = 2 ** 19;

/** The socket of the reader (`setup --reader`): whoever connects gets both listings of ipvsadm, one after the other. */
export const readerSocket = '/run/lvs-stats-reader.sock';

/** The credential of systemd that passes an agent its key. */
export const agentKeyCredential = 'agent-key';

/** The file with the key of this host's agent, which only root may read. */
export const agentKeyFile = '/etc/lvs-stats-agent.key';
