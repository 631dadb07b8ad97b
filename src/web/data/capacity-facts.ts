// The facts about capacity on the pages of a service and of the director: when limits are reached, and whether a real server can be lost. Read
// once per cycle and policy, however often a page is requested.

import type { ArchiveInfo } from '../../model/archive.js';
import { outlookTitle, outlookWords, readOutlooks } from '../../render/capacity/read-outlooks.js';
import { readSpare, spareWords } from '../../render/capacity/read-spare.js';
import type { Fact } from '../../render/kinds/depiction.js';
import { hostsOf } from '../../render/look/host-names.js';
import type { Site } from '../site.js';
import type { Catalogue } from './catalogue.js';

const known = new WeakMap<Catalogue, Map<string, Promise<readonly Fact[]>>>();

/** The facts about the capacity of an archive; none for a real server. `realServers` are the present and former ones of a service. */
export function capacityFacts(
  site: Site,
  catalogue: Catalogue,
  { archive, realServers }: { readonly archive: ArchiveInfo; readonly realServers: readonly ArchiveInfo[] },
): Promise<readonly Fact[]> {
  const own = known.get(catalogue) ?? new Map<string, Promise<readonly Fact[]>>();
  known.set(catalogue, own);
  const { timeZone, capacity } = site.looks();
  const key = JSON.stringify([archive.name, timeZone, capacity]);
  const facts = own.get(key) ?? readFacts(site, catalogue, { archive, realServers });
  own.set(key, facts);
  facts.catch(() => own.delete(key));
  return facts;
}

async function readFacts(
  { source, looks }: Site,
  { lastS }: Catalogue,
  { archive, realServers }: { readonly archive: ArchiveInfo; readonly realServers: readonly ArchiveInfo[] },
): Promise<readonly Fact[]> {
  const { hosts, capacity, timeZone } = looks();
  const { name, retention } = archive;
  const outlooks = await readOutlooks(source, { archive, hosts: hostsOf(name, hosts), capacity });
  const facts = outlooks.flatMap((outlook): Fact[] => {
    const words = outlookWords(outlook, timeZone);
    return words === null ? [] : [[outlookTitle(outlook), words]];
  });
  if (realServers.length === 0 || archive.goneS !== null) return facts;
  const found = await readSpare(source, { service: name, servers: realServers, retention, lastS });
  return [...facts, ['without its busiest real server', found === null ? unknownSpare : spareWords(found, timeZone)]];
}

const unknownSpare = 'not known: no peak of the last 30 days is known for all of its real servers';
