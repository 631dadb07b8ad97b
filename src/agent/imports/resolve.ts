// Resolves the names of imports, by /etc/hosts and DNS. By c-ares rather than getaddrinfo(3), whose threads a dead resolver would hold, so that
// nothing else could read files; so search domains do not apply.

import { Resolver } from 'node:dns/promises';
import { readBounded } from '../../files/read-file.js';
import type { NamedAddresses } from '../../model/links/report.js';
import { canonicalAddress, type LinkTarget, targetText } from '../../model/links/target.js';
import type { Clock } from '../timing.js';
import { asAddress, isOwnAddress, type NamedTarget } from './named-target.js';

/** The addresses of a name: empty if there is none. Throws if nobody can tell now. */
export type LookUp = (name: string) => Promise<readonly string[]>;

/** Resolves targets. */
export interface TargetResolver {
  /** The targets, each once, none of them this host; `isFresh` resolves names again although they are known. */
  readonly resolve: (targets: readonly NamedTarget[], isFresh: boolean) => Promise<readonly LinkTarget[]>;
  /** The names of the newest targets with their addresses. */
  readonly names: () => readonly NamedAddresses[];
}

/** How long an answer is used, ms. */
const keptMs = 600_000;

/** Questions at a time. */
const mostAtOnce = 8;

/** A resolver that remembers answers. A name that cannot be resolved now keeps its last addresses. */
export function openResolver(clock: Clock, lookUp: LookUp = systemLookUp()): TargetResolver {
  let known = new Map<string, { readonly addresses: readonly string[]; readonly atMs: number }>();
  const ask = async (name: string, isFresh: boolean): Promise<readonly [string, readonly string[], number]> => {
    const before = known.get(name);
    const nowMs = clock.steadyMs();
    if (before !== undefined && !isFresh && nowMs - before.atMs < keptMs) return [name, before.addresses, before.atMs];
    try {
      return [name, await lookUp(name), nowMs];
    } catch {
      return [name, before?.addresses ?? [], before?.atMs ?? nowMs - keptMs];
    }
  };
  return {
    names: () => [...known].map(([name, { addresses }]) => ({ name, addresses })),
    async resolve(targets, isFresh) {
      const names = [...new Set(targets.filter((one) => asAddress(one) === null).map(({ host }) => host))];
      const answers: (readonly [string, readonly string[], number])[] = [];
      const next = names.values();
      const work = async (): Promise<void> => {
        for (const name of next) answers.push(await ask(name, isFresh));
      };
      await Promise.all(Array.from({ length: mostAtOnce }, work));
      known = new Map(answers.map(([name, addresses, atMs]) => [name, { addresses, atMs }]));
      const found = targets.flatMap((one): readonly LinkTarget[] => {
        const target = asAddress(one);
        if (target !== null) return [target];
        return (known.get(one.host)?.addresses ?? []).map((address) => ({ address, port: one.port }));
      });
      const distinct = new Map(found.map((target) => [targetText(target), target]));
      return [...distinct.values()].filter(({ address }) => !isOwnAddress(address));
    },
  };
}

const [timeoutMs, tries, mostHostsBytes] = [2000, 2, 2 ** 20];

function systemLookUp(): LookUp {
  return async (name) => {
    const own = addressesInHosts(name);
    if (own.length > 0) return own;
    const resolver = new Resolver({ timeout: timeoutMs, tries });
    const answers = await Promise.all([none(resolver.resolve4(name)), none(resolver.resolve6(name))]);
    return answers.flat().flatMap((address) => canonicalAddress(address) ?? []);
  };
}

/** A name without addresses of a kind is an answer. */
async function none(answer: Promise<string[]>): Promise<readonly string[]> {
  try {
    return await answer;
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? error.code : '';
    if (code === 'ENODATA' || code === 'ENOTFOUND') return [];
    throw error;
  }
}

function addressesInHosts(name: string): readonly string[] {
  try {
    const lines = readBounded('/etc/hosts', mostHostsBytes).toString('latin1').split('\n');
    return lines.flatMap((line) => {
      const [address = '', ...names] = line.replace(/#.*/, '').trim().toLowerCase().split(/\s+/);
      return names.includes(name) ? (canonicalAddress(address) ?? []) : [];
    });
  } catch {
    return [];
  }
}
