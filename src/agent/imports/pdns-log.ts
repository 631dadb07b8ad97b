// `pdns:LOG`: the names that were asked of PowerDNS on this host, with their addresses. The log has only questions (the authoritative server with
// log-dns-queries=yes, the recursor with quiet=no), and a name that does not exist looks like any other: so names are resolved here.
//
//   Remote 127.0.0.1 wants 'db01.example.com|A', do = 0, bufsize = 512: packetcache MISS
//   3 [1/1] question for 'db01.example.com|A' from 127.0.0.1:36281
//   msg="Question" subsystem="syncres" … qname="db01.example.com" qtype="A" remote="127.0.0.1:37214"

import type { Clock } from '../timing.js';
import { followLog } from './followed-log.js';
import type { Import } from './import.js';
import { isDnsName } from './named-target.js';
import type { TargetResolver } from './resolve.js';

const question = / (?:wants|question for) '([^|']{1,254})\|(?:A|AAAA|ANY)'/;
/** The recursor from 4.8 on. */
const structured = / msg="Question[^"]*" .*\bqname="([^"]{1,254})" qtype="(?:A|AAAA|ANY)"/;

/** The name that a line asks for; null if it asks for none. */
export function askedName(line: string): string | null {
  const name = (question.exec(line) ?? structured.exec(line))?.[1]?.replace(/\.$/, '').toLowerCase();
  return name !== undefined && isDnsName(name) ? name : null;
}

/** Most names, and how long one counts that nobody asks for again, ms. */
const [mostNames, keptMs] = [200, 3_600_000];

/** The hosts whose names are asked for. */
export function pdnsImport(path: string, { resolver, clock }: { resolver: TargetResolver; clock: Clock }): Import {
  const log = followLog(path);
  // In the order of the newest question.
  const asked = new Map<string, number>();
  return {
    name: `pdns:${path}`,
    names: resolver.names,
    async targets() {
      const nowMs = clock.steadyMs();
      await log.read((line) => {
        const name = askedName(line);
        if (name === null) return;
        asked.delete(name);
        asked.set(name, nowMs);
        const [oldest = ''] = asked.size > mostNames ? asked.keys() : [];
        asked.delete(oldest);
      });
      for (const [name, sinceMs] of asked) if (nowMs - sinceMs > keptMs) asked.delete(name);
      return resolver.resolve(
        [...asked.keys()].map((host) => ({ host, port: null })),
        false,
      );
    },
  };
}
