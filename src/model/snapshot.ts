// One reading of the kernel's table: everything two listings of ipvsadm(8) told at one moment.
// Pure data; `collect` makes it, `interpret` compares it with the table before.

import type { Forwarding, RealServerId, ServiceId } from './identity.js';

/**
 * The five counters of a virtual or a real server since it was added or zeroed.
 * Unsigned 64-bit; a real server's first three may be cut to 32 bits (ipvsadm 1.31).
 */
export interface Counters {
  readonly conns: bigint;
  readonly inPkts: bigint;
  readonly outPkts: bigint;
  readonly inBytes: bigint;
  readonly outBytes: bigint;
}

/** A real server as the table shows it. Its weight may be up to 2^31 - 1; 0 takes no new connections. */
export interface RealServerReading {
  readonly id: RealServerId;
  readonly counters: Counters;
  readonly forwarding: Forwarding;
  readonly weight: number;
  readonly activeConn: number;
  readonly inActConn: number;
}

/** A virtual server as the table shows it; `flags` is the text after the scheduler, '' when there is none. */
export interface ServiceReading {
  readonly id: ServiceId;
  readonly counters: Counters;
  readonly scheduler: string;
  readonly flags: string;
  readonly realServers: readonly RealServerReading[];
}

/** What tells a restart of the machine and a jump of its clock apart from the passing of time. */
export interface HostClock {
  /** Random per boot (/proc/sys/kernel/random/boot_id); null where the table is another machine's. */
  readonly bootId: string | null;
  readonly uptimeS: number;
  /** Another one whenever ip_vs is loaded anew; not there where it cannot be told. */
  readonly moduleId?: string;
  /** The kernel's five totals over all services, as decimal text: `-Z` restarts them, `-C` does not. */
  readonly totals?: string;
}

/** The whole table at `timeS` (epoch seconds). No service at all is a valid table. */
export interface Snapshot {
  readonly timeS: number;
  /** null for a recorded table: its time is believed as it stands. */
  readonly host: HostClock | null;
  readonly services: readonly ServiceReading[];
}
