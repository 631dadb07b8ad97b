// The file below /proc/net in which Linux 7 reports how full its connection table is. Only root may read it. If root starts a
// collector as another user, root passes the file on, as a credential of this name or in this variable.

/** The name of the file, and of the credential of systemd. */
export const statusFile = 'ip_vs_status';

/** The variable in which cron's line passes its first two lines. */
export const statusVariable = 'IP_VS_STATUS';
