// The capability for reading the table: CAP_NET_ADMIN (capabilities(7)), as /proc/self/status shows it (CapEff in proc_pid_status(5)).

/** Bit 12. */
const capNetAdmin = 1n << 12n;

/** Whether a process has CAP_NET_ADMIN, by its status; null if the status does not tell. */
export function hasNetAdmin(status: string): boolean | null {
  const hex = /^CapEff:\s*([0-9a-fA-F]{1,16})$/m.exec(status)?.[1];
  return hex === undefined ? null : (BigInt(`0x${hex}`) & capNetAdmin) !== 0n;
}
