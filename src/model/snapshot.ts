// One reading of the kernel's table: what two listings of ipvsadm(8) reported at one moment. Pure data; `collect` makes it,
// `interpret` compares it with the previous table.

import type { HaproxyMode } from './haproxy.js';
import type { HaproxyId } from './names/haproxy-name.js';
import type { Forwarding, RealServerId, ServiceId } from './names/identity.js';
import type { HostTable } from './table/host-table.js';
import type { TableColumns } from './table/table-columns.js';

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

/** A service as the table shows it; `flags` is the text after the scheduler, '' if there is none. */
export interface ServiceReading {
  readonly id: ServiceId;
  readonly counters: Counters;
  readonly scheduler: string;
  readonly flags: string;
  readonly realServers: readonly RealServerReading[];
  /**
   * Set if `realServers` is incomplete, so that a sum over them (ActiveConn, InActConn) is unknown. `named`: the missing ones
   * are in `Snapshot.unread`, or came or went during the read; `unnamed`: some lines name no real server, so one that is
   * missing may be there.
   */
  readonly lacks?: 'named' | 'unnamed';
}

/** Evidence that tells a restart of the machine and a jump of its clock from the passing of time. */
export interface HostClock {
  /** Random per boot (/proc/sys/kernel/random/boot_id); null if the table is another machine's. */
  readonly bootId: string | null;
  readonly uptimeS: number;
  /** Changes whenever ip_vs is loaded; missing if unknown. */
  readonly moduleId?: string;
  /** Changes with the network namespace, also if it was recreated; missing if unknown. */
  readonly networkNamespace?: string;
}

/** The kernel's counters outside its table, for the director as a whole; values that it does not report are null or missing. */
export interface KernelReading {
  /**
   * Since the module was loaded or zeroed (clearing the table does not zero them), as of the last refresh: every 2 s, unless
   * frozen.
   */
  readonly totals: Counters | null;
  /** The kernel's own estimate of their current growth per second. */
  readonly ratesPerS: Counters | null;
  /** The totals again, more than a refresh later; only if they stood still while processors counted. */
  readonly laterTotals: Counters | null;
  /** Totals and processors as of a refresh before the table; they tell a restart from counters not yet refreshed. */
  readonly earlier?: Pick<KernelReading, 'totals' | 'processors'>;
  /** By processor number: current to the moment, and never zeroed. */
  readonly processors: ReadonlyMap<number, Counters>;
  /** Buckets of the connection table (it may grow and shrink), and connections (and templates) in it. */
  readonly tableSize: number | null;
  readonly tableEntries: number | null;
  /**
   * net.ipv4.vs.run_estimation: false freezes all counters but those of the processors; null if the kernel has no such switch.
   */
  readonly isEstimating: boolean | null;
  /**
   * net.ipv4.vs.est_cpulist: processors that the kernel's estimator threads may run on; '' stops them. Missing before Linux
   * 6.2.
   */
  readonly estimationCpus?: string;
  /** The daemons that synchronise connections with another director, in ipvsadm's words; '' if there is none. */
  readonly syncDaemons: string | null;
}

/** The whole table at `timeS` (epoch seconds). A table without services is valid. */
export interface Snapshot {
  readonly timeS: number;
  /** null for a recorded table, whose time is believed as it stands. */
  readonly host: HostClock | null;
  readonly services: readonly ServiceReading[];
  /**
   * Archives of entries that the listings have, or may have, but whose values could not be read: unknown, yet neither absent
   * nor gone. A service stands for its real servers too. Missing if every entry was read.
   */
  readonly unread?: ReadonlySet<string>;
  /**
   * True if an entry missing from the table is certainly absent: the table was read again, and no line was refused or repeated.
   */
  readonly isAbsenceSure?: boolean;
  /**
   * Number of unidentifiable entry lines in both listings: that many missing services may be there. Missing if there is none.
   */
  readonly strayLines?: number;
  /** Missing for another machine's table and for a recorded one. */
  readonly kernel?: KernelReading;
  /** The kernel's tables of neighbours and of tracked connections; missing for another machine's table, and if a recording has none. */
  readonly hostTables?: readonly HostTable[];
  /** The services in columns, if they were read as such: then `services` are made of these when somebody asks for them. */
  readonly columns?: TableColumns;
}

/** A proxy or a server of HAProxy, as its statistics show it. */
export interface HaproxyEntry {
  readonly id: HaproxyId;
  /** In the order of the data sources of its kind (haproxy.ts); null if HAProxy does not report one. */
  readonly values: readonly (bigint | null)[];
  readonly mode: HaproxyMode;
  /** The first word of its status: UP, DOWN, MAINT, DRAIN, NOLB, "no check", OPEN, STOP. */
  readonly status: string;
  /** The weight of a server, as configured or set; null if not reported. */
  readonly weight: number | null;
  /** The result of the newest health check: "L4CON: Connection refused"; '' if there is no check. */
  readonly check: string;
}

/** One reading of HAProxy's statistics. */
export interface HaproxyReading {
  /** The process that answered; null if only its statistics were read, which do not name it. */
  readonly process: { readonly pid: number; readonly uptimeS: number } | null;
  readonly entries: readonly HaproxyEntry[];
  /** Archives of rows whose values could not be read: unknown, yet neither absent nor gone. Missing if every row was read. */
  readonly unread?: ReadonlySet<string>;
  /** False if a row does not name its entry: a missing entry may be that one. Missing otherwise. */
  readonly isAbsenceSure?: boolean;
}
