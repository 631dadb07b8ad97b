// Words of systemd's units: systemd.syntax(7), and "COMMAND LINES" in systemd.service(5).

/** A command of a unit. */
export function unitCommand(words: readonly string[]): string {
  return words.map(unitWord).join(' ');
}

/** A word of a command: `$` would start an environment variable. */
export function unitWord(word: string): string {
  return unitPath(word.replaceAll('$', '$$$$'));
}

/** A word of a unit: `%` would start a specifier. */
export function unitPath(word: string): string {
  const literal = word.replaceAll('%', '%%');
  return /[\s"'\\;]/.test(literal) ? `"${literal.replaceAll(/["\\]/g, '\\$&')}"` : literal;
}

/** The hardening that all units have. */
export const sandbox = `UMask=0027
NoNewPrivileges=yes
ProtectSystem=strict
ProtectHome=yes
ProtectProc=invisible
ProtectClock=yes
ProtectHostname=yes
ProtectKernelLogs=yes
ProtectKernelModules=yes
ProtectKernelTunables=yes
ProtectControlGroups=yes
PrivateTmp=yes
PrivateDevices=yes
LockPersonality=yes
RemoveIPC=yes
RestrictNamespaces=yes
RestrictRealtime=yes
RestrictSUIDSGID=yes
SystemCallArchitectures=native
SystemCallFilter=@system-service
SystemCallFilter=~@privileged
`;
