// What /proc tells about this machine without asking ipvsadm(8): whether ip_vs is loaded (any `ipvsadm -L` would load
// it), since when the machine is up, and which boot this is. `procRoot` is /proc, or a captured tree; /sys lies beside it.

import { existsSync, readlinkSync, statSync } from 'node:fs';
import { join } from 'node:path';
import type { HostClock } from '../../../model/snapshot.js';
import { CollectError } from '../../collect-error.js';
import { readOptional } from './read-optional.js';

/** Whether the module is loaded, by the file it makes: world-readable, in every network namespace. */
export function isModuleLoaded(procRoot: string): boolean {
  return existsSync(join(procRoot, 'net/ip_vs'));
}

/** The error of a machine whose module is not loaded, as far as `evidence` tells. */
export function moduleNotLoaded(evidence: string): CollectError {
  return new CollectError(
    'module-not-loaded',
    `the ip_vs module is not loaded: ${evidence}; add the first virtual server (keepalived, ipvsadm -A), or load it with ` +
      `"modprobe ip_vs"; for the table of another machine give --ipvsadm 'ssh lb1 sudo ipvsadm'`,
  );
}

/** Uptime in whole seconds, and of this machine's own table what tells who restarted it; null where /proc lacks them. */
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

/** The folder that the kernel makes for a module gets another inode number each time that it is loaded. */
function readModuleId(procRoot: string): string | null {
  return readInode(join(procRoot, '../sys/module/ip_vs'));
}

/**
 * The number in "net:[4026531840]", namespaces(7), and the inode of the folder of the loopback device. A namespace that is made
 * anew mostly gets the first number again (the lowest that is free), and always another device.
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
