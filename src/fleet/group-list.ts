// The archives of a group: those of the kernel's table, each once.

import type { ArchiveInfo } from '../model/archive.js';
import { compareNames, kindOf } from '../model/kinds/registry.js';

/**
 * The archives that a group has: the sums of its directors, its virtual servers and its real servers. Processors, connection tables, HAProxy,
 * probes and agents belong to one director. An archive is described as the director with its newest reading describes it; it is gone if it is
 * gone from all of them.
 */
export function groupList(lists: readonly (readonly ArchiveInfo[])[]): readonly ArchiveInfo[] {
  const byName = new Map<string, ArchiveInfo>();
  for (const info of lists.flat()) {
    if (!isShown(info)) continue;
    const other = byName.get(info.name);
    byName.set(info.name, other === undefined ? info : merged(other, info));
  }
  return [...byName.values()].sort((a, b) => compareNames(a.name, b.name));
}

function isShown({ about }: ArchiveInfo): boolean {
  const { source, level } = kindOf(about);
  return source.isOfGroup && level !== 'part';
}

function merged(a: ArchiveInfo, b: ArchiveInfo): ArchiveInfo {
  const [newer, older] = isNewer(b, a) ? [b, a] : [a, b];
  const goneS = newer.goneS === null ? null : Math.max(newer.goneS, older.goneS ?? 0);
  const times = { firstS: Math.min(a.firstS, b.firstS), lastS: Math.max(a.lastS, b.lastS), goneS };
  return { ...newer, ...times, events: a.events + b.events };
}

/** Where an archive is still there, it is newer than where it is gone, whenever that was read. */
function isNewer(a: ArchiveInfo, b: ArchiveInfo): boolean {
  if ((a.goneS === null) !== (b.goneS === null)) return a.goneS === null;
  return a.lastS > b.lastS;
}
