// Facts about this machine from /proc, without ipvsadm(8): whether ip_vs is loaded (any `ipvsadm -L` would load it), since when the machine
// is up, and the identity of this boot. `procRoot` is /proc, or a captured tree; /sys lies beside it.

import { existsSync, readlinkSync, statSync } from 'node:fs';
import { join } from 'node:path';
import type { HostClock } from '../../../model/snapshot.js';
import { CollectError } from '../../collect-error.js';
import { readOptional } from './read-optional.js';

/** Whether the module is loaded, by the file it creates: world-readable, in every network namespace. */
export function isModuleLoaded(procRoot: string): boolean {
  return existsSync(join(procRoot, 'net/ip_vs'));
}

/** The error for a machine whose module is not loaded, according to `evidence`. */
export function moduleNotLoaded(evidence: string): CollectError {
  return new CollectError(
    'module-not-loaded',
    `the ip_vs module is not loaded: ${evidence}; add the first service (keepalived, ipvsadm -A), or load it with ` +
      `"modprobe ip_vs"; for the table of another machine give --ipvsadm 'ssh lb1 sudo ipvsadm'`,
  );
}

/** Uptime in whole seconds, and for this machine's own table the evidence of restarts; null when /proc lacks them. */
export function readHostClock(procRoot: string, isLocal: boolean): HostClock | null {
  const uptimeS = Number.parseInt(readOptional(join(procRoot, 'uptime')) ?? '', 10);
  if (Number.isNaN(uptimeS)) return null;
  if (!isLocal) return { uptimeS, bootId: null };
  const bootId = readOptional(join(procRoot, 'sys/kernel/random/boot_id'));
  const moduleId = readModuleId(procRoot);
  const networkNamespace = readNetworkNamespace(procRoot);
  return {
    uptimeS,
    bootId: bootId?.trim() || null,
    ...(moduleId === null ? {} : { moduleId }),
    ...(networkNamespace === null ? {} : { networkNamespace }),
  };
}

/** The kernel's folder for a module gets another inode number each time the module is loaded. */
function readModuleId(procRoot: string): string | null {
  return readInode(join(procRoot, '../sys/module/ip_vs'));
}

/**
 * The number in "net:[4026531840]", namespaces(7), and the inode of the loopback device's folder. A recreated namespace usually gets its
 * old number again (the lowest free one), but always another device.
 */
function readNetworkNamespace(procRoot: string): string | null {
  const number = readNamespaceNumber(procRoot);
  const loopback = readInode(join(procRoot, '../sys/class/net/lo'));
  return number === null || loopback === null ? number : `${number}/${loopback}`;
}

function readNamespaceNumber(procRoot: string): string | null {
  try {
    return /^net:\[(\d{1,20})\]$/.exec(readlinkSync(join(procRoot, 'self/ns/net'), 'latin1'))?.[1] ?? null;
  } catch {
    return null;
  }
}

function readInode(path: string): string | null {
  try {
    return String(statSync(path, { bigint: true }).ino);
  } catch {
    return null;
  }
}
