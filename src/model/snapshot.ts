// One reading of the kernel's table: everything two listings of ipvsadm(8) told at one moment.
// Pure data; `collect` makes it, `interpret` compares it with the table before.

import type { HaproxyMode } from './haproxy.js';
import type { HaproxyId } from './names/haproxy-name.js';
import type { Forwarding, RealServerId, ServiceId } from './names/identity.js';

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
  /**
   * Set where `realServers` is not all of them, so that a sum over them (ActiveConn, InActConn) is not known. `named`: those that it
   * lacks are in `Snapshot.unread`, or came or went while the table was read; `unnamed`: there are lines of it that name none, so that
   * one that is missing may be there.
   */
  readonly lacks?: 'named' | 'unnamed';
}

/** What tells a restart of the machine and a jump of its clock apart from the passing of time. */
export interface HostClock {
  /** Random per boot (/proc/sys/kernel/random/boot_id); null where the table is another machine's. */
  readonly bootId: string | null;
  readonly uptimeS: number;
  /** Another one whenever ip_vs is loaded anew; not there where it cannot be told. */
  readonly moduleId?: string;
  /** Another one in another network namespace, one that was made anew included; not there where it cannot be told. */
  readonly networkNamespace?: string;
}

/** What the kernel counts beside its table, of the director as a whole; what it does not tell is null, or missing. */
export interface KernelReading {
  /** Since the module was loaded or zeroed (which clearing the table is not), as of the last refresh: every 2 s, unless frozen. */
  readonly totals: Counters | null;
  /** The kernel's own estimate of what they grow by a second just now. */
  readonly ratesPerS: Counters | null;
  /** The totals once more, later than a refresh takes; only where they stood still while processors counted. */
  readonly laterTotals: Counters | null;
  /** Totals and processors as of a refresh before the table, to tell a restart from counters that were not refreshed yet. */
  readonly earlier?: Pick<KernelReading, 'totals' | 'processors'>;
  /** By number of the processor: as of this very moment, and never zeroed. */
  readonly processors: ReadonlyMap<number, Counters>;
  /** Buckets of the connection table at this moment (it may grow and shrink), and connections (and templates) in it. */
  readonly tableSize: number | null;
  readonly tableEntries: number | null;
  /** net.ipv4.vs.run_estimation: false freezes all counters but those of the processors; null where there is no such switch. */
  readonly isEstimating: boolean | null;
  /** net.ipv4.vs.est_cpulist: processors that the kernel's estimating threads may run on, '' stops them. Missing before Linux 6.2. */
  readonly estimationCpus?: string;
  /** The daemons that synchronise connections with another director, in ipvsadm's words; '' where there is none. */
  readonly syncDaemons: string | null;
}

/** The whole table at `timeS` (epoch seconds). No service at all is a valid table. */
export interface Snapshot {
  readonly timeS: number;
  /** null for a recorded table: its time is believed as it stands. */
  readonly host: HostClock | null;
  readonly services: readonly ServiceReading[];
  /**
   * Archives of entries that the listings have, or may have, but whose values could not be read: unknown, yet neither absent nor gone. A service
   * stands for its real servers too. Missing when every entry was read.
   */
  readonly unread?: ReadonlySet<string>;
  /** True when an entry missing from the table is really not there: the table was read again, and no line was refused or repeated. */
  readonly isAbsenceSure?: boolean;
  /** Lines of entries that nobody can name, in both listings: so many services that are missing may be there. Missing where there is none. */
  readonly strayLines?: number;
  /** Missing for another machine's table, and a recorded one. */
  readonly kernel?: KernelReading;
}

/** A proxy or a server of HAProxy, as its statistics show it. */
export interface HaproxyEntry {
  readonly id: HaproxyId;
  /** In the order of the data sources of its kind (haproxy.ts); null where HAProxy does not tell one. */
  readonly values: readonly (bigint | null)[];
  readonly mode: HaproxyMode;
  /** The first word of its status: UP, DOWN, MAINT, DRAIN, NOLB, "no check", OPEN, STOP. */
  readonly status: string;
  /** As it is configured or set, of a server; null where that is not told. */
  readonly weight: number | null;
  /** What the newest health check found: "L4CON: Connection refused"; '' where none is made. */
  readonly check: string;
}

/** One reading of HAProxy's statistics. */
export interface HaproxyReading {
  /** The process that answered; null where only its statistics were read, which do not tell. */
  readonly process: { readonly pid: number; readonly uptimeS: number } | null;
  readonly entries: readonly HaproxyEntry[];
  /** Archives of rows whose values could not be read: unknown, yet neither absent nor gone. Missing when every row was read. */
  readonly unread?: ReadonlySet<string>;
  /** False when a row does not say whose it is: an entry that is missing may be that one. Missing otherwise. */
  readonly isAbsenceSure?: boolean;
}
