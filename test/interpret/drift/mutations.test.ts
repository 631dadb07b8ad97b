// Random mutations of a table of 1,000 services with 10 real servers each: every one is found, under its name, and nothing else is.
// LVS_STATS_SEED takes others, LVS_STATS_DRIFTS=300 more of them.

import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { formatRules } from '../../../src/collect/ipvs/rules/format-rules.js';
import { parseRules } from '../../../src/collect/ipvs/rules/parse-rules.js';
import { readKeepalived } from '../../../src/collect/keepalived/read-keepalived.js';
import { compareTables } from '../../../src/interpret/drift/compare.js';
import type { ExpectedService, ExpectedTable } from '../../../src/model/drift/expected.js';
import { driftProblemNames } from '../../../src/model/drift/problem.js';
import { randomFrom } from '../../random.js';
import { seed } from '../../seed.js';
import { actualTable } from './tables.js';

const [services, servers] = [1000, 10];

const mutations = Number(process.env['LVS_STATS_DRIFTS'] ?? 60);

/** A configuration with every set-up that drift compares; every fifth service is a firewall mark. */
function configuration(): string {
  return Array.from({ length: services }, (_, i) => {
    const isMark = i % 5 === 4;
    const subject = isMark ? `fwmark ${i}` : `10.1.${i >> 8}.${i & 255} 80`;
    const lines = [
      `virtual_server ${subject} {`,
      ...(isMark ? [] : ['  protocol TCP']),
      `  lvs_sched ${['rr', 'wrr', 'wlc', 'sh'][i % 4]}`,
      `  lvs_method ${['NAT', 'DR', 'TUN'][i % 3]}`,
      ...(i % 2 === 0 ? ['  persistence_timeout 300'] : []),
      '  quorum 20',
      '  inhibit_on_failure',
      `  sorry_server 10.9.9.${i % 250} 80`,
      ...Array.from(
        { length: servers },
        (_, k) => `  real_server 10.2.${i >> 8}.${20 * k + (i % 20)} 80 {\n    weight ${10 + k}\n  }`,
      ),
      '}',
    ];
    return lines.join('\n');
  }).join('\n');
}

type Mutable = { -readonly [K in keyof ExpectedService]: ExpectedService[K] };

/** A mutation of one service: it returns what it is to be found as, `problem` or `problem/real server`. */
type Mutation = (service: Mutable, at: number) => readonly string[];

function serverName({ servers: own }: Mutable, at: number): string {
  const { address = '', port = 0 } = own[at] ?? {};
  return `${address}_${port}`;
}

function changed(service: Mutable, at: number, change: Partial<ExpectedService['servers'][number]>): void {
  service.servers = service.servers.map((own, i) => (i === at ? { ...own, ...change } : own));
}

const kinds: readonly Mutation[] = [
  (service, at) => {
    const name = serverName(service, at);
    service.servers = service.servers.filter((_, i) => i !== at);
    return [`real-server-missing/${name}`];
  },
  (service, at) => {
    service.servers = service.servers.toSpliced(at, 0, {
      address: '10.3.3.3',
      port: 80,
      forwarding: 'Masq',
      weight: at,
      place: null,
    });
    return ['real-server-extra/10.3.3.3_80'];
  },
  (service, at) => {
    const weight = service.servers[at]?.weight ?? 0;
    changed(service, at, { weight: weight + 1 });
    return [`wrong-weight/${serverName(service, at)}`];
  },
  (service, at) => {
    changed(service, at, { weight: 0 });
    return [`weight-zero/${serverName(service, at)}`];
  },
  (service, at) => {
    changed(service, at, { forwarding: service.servers[at]?.forwarding === 'Route' ? 'Masq' : 'Route' });
    return [`wrong-forwarding/${serverName(service, at)}`];
  },
  (service) => {
    service.setUp = { ...service.setUp, scheduler: service.setUp.scheduler === 'lc' ? 'rr' : 'lc' };
    return ['wrong-scheduler'];
  },
  (service) => {
    const { persistence } = service.setUp;
    service.setUp = {
      ...service.setUp,
      persistence: persistence === null ? { timeoutS: 60, mask: '', engine: '' } : null,
    };
    return ['wrong-persistence'];
  },
  (service) => {
    service.servers = [];
    return ['pool-empty'];
  },
  (service) => {
    service.servers = service.servers.map((own) => ({ ...own, weight: 0 }));
    return ['pool-weight-zero'];
  },
  (service, at) => {
    const names = service.servers.map((_, i) => serverName(service, i));
    service.servers = service.servers.filter((_, i) => i === at);
    return ['quorum-lost', ...names.filter((_, i) => i !== at).map((name) => `real-server-missing/${name}`)];
  },
  (service) => {
    service.servers = service.sorry === null ? [] : [service.sorry];
    return ['sorry-server-active'];
  },
  (service, at) => {
    const own = service.servers[at];
    if (own === undefined) return [];
    const name = serverName(service, at);
    changed(service, at, { address: '10.3.3.4' });
    return [`real-server-missing/${name}`, `real-server-extra/10.3.3.4_${own.port}`];
  },
];

/** A table with one mutation, of each kind in turn and then at random, and the problems that it is to be found as. */
function mutated(
  table: ExpectedTable,
  random: () => number,
  turn: number,
): { readonly table: Pick<ExpectedTable, 'services'>; readonly found: readonly string[] } {
  const names = [...table.services.keys()];
  const own = new Map(table.services);
  const pick = (count: number): number => Math.floor(random() * count);
  const name = names[pick(names.length)] ?? '';
  const service = own.get(name);
  const kind = turn < kinds.length + 2 ? turn : pick(kinds.length + 2);
  if (kind === kinds.length || service === undefined) {
    own.delete(name);
    return { table: { services: own }, found: [`service-missing ${name}`] };
  }
  if (kind === kinds.length + 1) {
    own.set('extra', { ...service, id: { kind: 'mark', mark: 99_999, family: 'ipv4' } });
    return { table: { services: own }, found: ['service-extra fwm_99999'] };
  }
  const copy = { ...service };
  const found = (kinds[kind] ?? (() => []))(copy, pick(servers));
  own.set(name, copy);
  const texts = found.map((text) => {
    const [problem = '', server] = text.split('/');
    return `${problem} ${name}${server === undefined ? '' : `/${server}`}`;
  });
  return { table: { services: own }, found: texts };
}

test('every random mutation is found, and nothing else', () => {
  const folder = mkdtempSync(join(tmpdir(), 'lvs-mutations-'));
  const file = join(folder, 'keepalived.conf');
  writeFileSync(file, configuration());
  const reference = readKeepalived({ file, configId: '' });
  rmSync(folder, { recursive: true });
  expect(reference).toMatchObject({ isWhole: true, notes: [], services: { size: services } });
  // What the configuration asks for, as the kernel would list it.
  const table = parseRules(formatRules(reference).join('\n'), 'table');
  const withSorry = {
    ...table,
    services: new Map(
      [...table.services].map(([name, own]) => [name, { ...own, sorry: reference.services.get(name)?.sorry ?? null }]),
    ),
  };
  expect(compareTables(actualTable(table), { kind: 'keepalived', table: reference })).toEqual([]);
  const random = randomFrom(seed);
  const seen = new Set<string>();
  for (let i = 0; i < mutations; i += 1) {
    const { table: own, found } = mutated(withSorry, random, i);
    const problems = compareTables(actualTable(own), { kind: 'keepalived', table: reference });
    expect(problems.map(({ problem, archive }) => `${problem} ${archive}`).sort()).toEqual([...found].sort());
    for (const { problem } of problems) seen.add(problem);
  }
  expect([...seen].sort()).toEqual([...driftProblemNames].sort());
});
