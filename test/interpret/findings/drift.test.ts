// Drift as findings: one cause, one finding; what is known stays while a reference cannot be read.

import { describe, expect, test } from 'vitest';
import { parseRules } from '../../../src/collect/ipvs/rules/parse-rules.js';
import type { ReferenceReading } from '../../../src/interpret/drift/judge-drift.js';
import { findingLine } from '../../../src/model/finding/finding-text.js';
import { type Server, type Service, TestDirector } from './cycles.js';

const ports = Array.from({ length: 50 }, (_, i) => 1000 + i);
const octets = [1, 2, 3, 4, 5, 6];
const servers: readonly Server[] = octets.map((octet) => [octet, 1]);
const services: readonly Service[] = ports.map((port) => ({ port, servers }));

/** A saved table of the services. */
function golden(of: readonly Service[] = services): ReferenceReading {
  const rules = of.flatMap(({ port, servers: own, scheduler = 'rr' }) => [
    `-A -t 192.0.2.1:${port} -s ${scheduler}`,
    ...own.map(([octet, weight]) => `-a -t 192.0.2.1:${port} -r 10.0.0.${octet}:80 -m -w ${weight}`),
  ]);
  return { kind: 'golden', name: 'golden', read: parseRules(rules.join('\n'), 'golden') };
}

/** A director after readings of the wanted table; drift findings only. */
function director(references: readonly ReferenceReading[] | null = [golden()]): TestDirector {
  const made = new TestDirector();
  made.references = references;
  made.read(services);
  return made;
}

function found(made: TestDirector): readonly string[] {
  return made.open
    .filter(({ numbers }) => 'expected' in numbers || 'text' in numbers)
    .map(({ kind, subject }) => `${kind} ${subject}`);
}

function changed(change: (service: Service) => Service, count = services.length): readonly Service[] {
  return services.map((service, i) => (i < count ? change(service) : service));
}

const without =
  (octet: number) =>
  (service: Service): Service => ({
    ...service,
    servers: service.servers.filter(([own]) => own !== octet),
  });

describe('drift', () => {
  test('of a host in many services is one finding, at once', () => {
    const own = director();
    expect(found(own)).toEqual([]);
    own.read(changed(without(3)));
    expect(found(own)).toEqual(['real-server-missing host/10.0.0.3']);
    const line = own.open.map(findingLine).find((text) => text.includes('missing'));
    expect(line).toBe(
      '10.0.0.3: real server missing, in 50 services; the first: not in the table, expected weight 1 (golden:4)',
    );
    expect(own.events).toContain('finding-opened real-server-missing');
  });

  test.each<readonly [title: string, changed: readonly Service[], findings: readonly string[]]>([
    [
      'two hosts',
      changed((service) => without(2)(without(3)(service)), 5),
      ['real-server-missing host/10.0.0.2', 'real-server-missing host/10.0.0.3'],
    ],
    [
      'most of the real servers of one service',
      changed((service) => ({ ...service, servers: service.servers.slice(0, 2) }), 1),
      ['real-server-missing 192.0.2.1_1000'],
    ],
    [
      'two of the real servers of one service',
      changed((service) => ({ ...service, servers: service.servers.slice(0, 4) }), 1),
      ['real-server-missing host/10.0.0.5', 'real-server-missing host/10.0.0.6'],
    ],
    [
      'the scheduler of a few services',
      changed((service) => ({ ...service, scheduler: 'wlc' }), 2),
      ['wrong-scheduler 192.0.2.1_1000', 'wrong-scheduler 192.0.2.1_1001'],
    ],
    [
      'the scheduler of most services',
      changed((service) => ({ ...service, scheduler: 'wlc' }), 40),
      ['wrong-scheduler all'],
    ],
    [
      'a weight',
      changed(
        (service) => ({ ...service, servers: service.servers.map(([octet]) => [octet, octet === 2 ? 9 : 1]) }),
        3,
      ),
      ['wrong-weight host/10.0.0.2'],
    ],
    ['a service that nobody wants', [...services, { port: 99, servers }], ['service-extra 192.0.2.1_99']],
  ])('names what has one cause: %s', (_, table, findings) => {
    const own = director();
    own.read(table);
    expect([...found(own)].sort()).toEqual([...findings].sort());
  });

  test('is over after two readings without it, and when it is no longer judged', () => {
    const own = director();
    own.read(changed(without(3)));
    own.read(services);
    expect(found(own)).toHaveLength(1);
    own.read(services);
    expect(found(own)).toEqual([]);
    own.read(changed(without(3)));
    own.references = null;
    own.read(changed(without(3)), { times: 2 });
    expect(found(own)).toEqual([]);
    expect(own.table.drift).toBeUndefined();
  });

  test('keeps what is known, with its time, while the reference cannot be read', () => {
    const own = director();
    own.read(changed(without(3)));
    const sinceS = own.timeS;
    own.references = [{ kind: 'golden', name: 'golden', read: { failure: 'cannot read golden' } }];
    own.read(changed(without(3)), { times: 5 });
    expect(found(own)).toEqual(['real-server-missing host/10.0.0.3', 'drift-unreadable all']);
    expect(own.table.drift?.problems[0]).toMatchObject({ sinceS, problem: 'real-server-missing' });
    own.references = [golden()];
    own.read(services, { times: 2 });
    expect(found(own)).toEqual([]);
  });

  test('takes the place of findings that only guess what is wanted', () => {
    const own = director();
    const drained = changed((service) => ({
      ...service,
      servers: service.servers.map(([octet]): Server => [octet, octet === 2 ? 0 : 1]),
    }));
    own.read(drained, { times: 3 });
    own.read(changed(without(3)), { times: 3 });
    own.read(services.slice(1), { times: 3 });
    own.read([{ port: 1000, servers: [] }, ...services.slice(1)]);
    const kinds = new Set(own.events.map((event) => event.split(' ')[1]));
    expect([...kinds].sort()).toEqual(['pool-empty', 'real-server-missing', 'service-missing', 'weight-zero']);
    // A weight of 0 that is wanted is no fault either.
    own.references = [golden(drained)];
    own.read(drained, { times: 5 });
    expect(own.open).toEqual([]);
  });

  test('says the same once, however many references say it', () => {
    const own = director([golden(), { ...golden(), kind: 'against', name: 'ssh lb2 ipvsadm' }]);
    own.read(changed((service) => ({ ...service, scheduler: 'wlc' }), 1));
    expect(found(own)).toEqual(['wrong-scheduler 192.0.2.1_1000']);
    expect(own.table.drift).toMatchObject({ count: 1, references: [{ services: 50 }, { services: 50 }] });
  });

  test('keeps a bounded list of problems, and counts all', () => {
    const own = director();
    own.read([]);
    own.read(changed((service) => ({ ...service, servers: service.servers.map(([octet]) => [octet + 50, 1]) })));
    expect(own.table.drift?.count).toBe(600);
    const many = Array.from({ length: 1500 }, (_, i): Service => ({ port: 2000 + i, servers: [] }));
    own.read([...services, ...many]);
    expect(own.table.drift).toMatchObject({ count: 1500, problems: { length: 1000 } });
  });
});
