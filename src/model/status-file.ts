// The file below /proc/net in which Linux 7 says how full its connection table is. Only root may read it: whoever starts a collector
// of another user as root hands it over, as a credential of this name or in this variable.

/** The name of the file, and of the credential of systemd. */
export const statusFile = 'ip_vs_status';

/** The variable in which cron's line hands over its first two lines. */
export const statusVariable = 'IP_VS_STATUS';
