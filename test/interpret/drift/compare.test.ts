// Each problem by a table that has it, and tables that are as they should be.

import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { parseRules } from '../../../src/collect/ipvs/rules/parse-rules.js';
import { readKeepalived } from '../../../src/collect/keepalived/read-keepalived.js';
import { compareTables } from '../../../src/interpret/drift/compare.js';
import type { ExpectedTable } from '../../../src/model/drift/expected.js';
import { worstClass } from '../../../src/model/drift/problem.js';
import { actualTable, problemsOf } from './tables.js';

function configured(text: string): ExpectedTable {
  const folder = mkdtempSync(join(tmpdir(), 'lvs-drift-'));
  const file = join(folder, 'keepalived.conf');
  writeFileSync(file, text);
  const table = readKeepalived({ file, configId: '' });
  rmSync(folder, { recursive: true });
  return table;
}

const configuration = configured(`
virtual_server 192.0.2.1 80 {
  protocol TCP
  lvs_sched wrr
  persistence_timeout 300
  quorum 3
  sorry_server 198.51.100.99 80
  real_server 198.51.100.1 80 { weight 1 }
  real_server 198.51.100.2 80 { weight 2 }
  real_server 198.51.100.3 80 { weight 3 }
}
virtual_server fwmark 7 {
  lvs_method DR
  lvs_sched rr
  sorry_server 198.51.100.99 80
  real_server 198.51.100.1 80 { weight 1 }
  real_server 198.51.100.2 80 {
    weight 1
    MISC_CHECK {
      misc_dynamic
    }
  }
}
`);

const service = '-A -t 192.0.2.1:80 -s wrr -p 300';
const first = '-a -t 192.0.2.1:80 -r 198.51.100.1:80 -m -w 1';
const second = '-a -t 192.0.2.1:80 -r 198.51.100.2:80 -m -w 2';
const third = '-a -t 192.0.2.1:80 -r 198.51.100.3:80 -m -w 3';
const sorry = '-a -t 192.0.2.1:80 -r 198.51.100.99:80 -m -w 1';
const mark = ['-A -f 7 -s rr', '-a -f 7 -r 198.51.100.1:0 -g -w 1', '-a -f 7 -r 198.51.100.2:0 -g -w 1'];
const well = [service, first, second, third];

describe('a table', () => {
  test.each<readonly [title: string, rules: readonly string[], problems: readonly string[]]>([
    ['as configured', [...well, ...mark], []],
    ['with a sorry server at weight 0', [...well, sorry.replace('-w 1', '-w 0'), ...mark], []],
    ['with a weight that a check has set', [...well, ...mark.slice(0, 2), '-a -f 7 -r 198.51.100.2:0 -g -w 254'], []],
    [
      'with another forwarding method',
      [service, first.replace('-m', '-g'), second, third, ...mark],
      ['wrong-forwarding 192.0.2.1_80/198.51.100.1_80'],
    ],
    [
      'with ports at a firewall mark',
      [...well, '-A -f 7 -s rr', '-a -f 7 -r 198.51.100.1:80 -g -w 1', '-a -f 7 -r 198.51.100.2:8080 -g -w 1'],
      [],
    ],
    ['without a service', [...well], ['service-missing fwm_7']],
    ['with another service', [...well, ...mark, '-A -u 192.0.2.1:80 -s rr'], ['service-extra 192.0.2.1_80_udp']],
    ['without a real server', [service, second, third, ...mark], ['real-server-missing 192.0.2.1_80/198.51.100.1_80']],
    [
      'with another real server',
      [...well, '-a -t 192.0.2.1:80 -r 198.51.100.4:80 -m -w 1', ...mark],
      ['real-server-extra 192.0.2.1_80/198.51.100.4_80'],
    ],
    [
      'with another port',
      [service, '-a -t 192.0.2.1:80 -r 198.51.100.1:8080 -m -w 1', second, third, ...mark],
      ['real-server-missing 192.0.2.1_80/198.51.100.1_80', 'real-server-extra 192.0.2.1_80/198.51.100.1_8080'],
    ],
    [
      'with another weight',
      [service, first, second.replace('-w 2', '-w 5'), third, ...mark],
      ['wrong-weight 192.0.2.1_80/198.51.100.2_80'],
    ],
    [
      'with a weight of 0',
      [service, first.replace('-w 1', '-w 0'), second, third, ...mark],
      ['weight-zero 192.0.2.1_80/198.51.100.1_80'],
    ],
    [
      'with another scheduler',
      [service.replace('wrr', 'rr'), first, second, third, ...mark],
      ['wrong-scheduler 192.0.2.1_80'],
    ],
    [
      'with a flag of the scheduler',
      [`${service} -b flag-1`, first, second, third, ...mark],
      ['wrong-scheduler 192.0.2.1_80'],
    ],
    [
      'that schedules single packets',
      [`${service} -o`, first, second, third, ...mark],
      ['wrong-scheduler 192.0.2.1_80'],
    ],
    [
      'with another persistence',
      [service.replace('300', '360'), first, second, third, ...mark],
      ['wrong-persistence 192.0.2.1_80'],
    ],
    ['with a mask', [`${service} -M 255.255.255.0`, first, second, third, ...mark], ['wrong-persistence 192.0.2.1_80']],
    [
      'without persistence',
      [service.replace(' -p 300', ''), first, second, third, ...mark],
      ['wrong-persistence 192.0.2.1_80'],
    ],
    ['with an empty pool', [service, ...mark], ['pool-empty 192.0.2.1_80']],
    [
      'with nothing but an inhibited sorry server',
      [service, sorry.replace('-w 1', '-w 0'), ...mark],
      ['pool-empty 192.0.2.1_80'],
    ],
    [
      'with a pool of zeros',
      [...well.map((rule) => rule.replace(/-w \d/, '-w 0')), ...mark],
      ['pool-weight-zero 192.0.2.1_80'],
    ],
    [
      'without its quorum',
      [service, second, ...mark],
      [
        'quorum-lost 192.0.2.1_80',
        'real-server-missing 192.0.2.1_80/198.51.100.1_80',
        'real-server-missing 192.0.2.1_80/198.51.100.3_80',
      ],
    ],
    ['with the sorry server', [service, sorry, ...mark], ['sorry-server-active 192.0.2.1_80']],
    ['with the sorry server beside the real ones', [...well, sorry, ...mark], ['sorry-server-active 192.0.2.1_80']],
    [
      'with the sorry server of a mark',
      [...well, '-A -f 7 -s rr', '-a -f 7 -r 198.51.100.99:8080 -g -w 1'],
      ['sorry-server-active fwm_7'],
    ],
  ])('has the problems of one %s', (_, rules, problems) => {
    expect(problemsOf(rules.join('\n'), configuration)).toEqual(problems);
  });

  test('names both states and the place', () => {
    const actual = actualTable(parseRules([service, first, second.replace('-w 2', '-w 5'), third].join('\n'), ''));
    const problems = compareTables(actual, { kind: 'keepalived', table: configuration });
    expect(problems).toEqual([
      {
        problem: 'wrong-weight',
        archive: '192.0.2.1_80/198.51.100.2_80',
        actual: 'weight 5',
        expected: 'weight 2',
        reference: 'keepalived',
        place: { file: expect.stringContaining('keepalived.conf'), line: 9 },
      },
      {
        problem: 'service-missing',
        archive: 'fwm_7',
        actual: 'not in the table',
        expected: 'in the table',
        reference: 'keepalived',
        place: { file: expect.stringContaining('keepalived.conf'), line: 12 },
      },
    ]);
    expect(worstClass(problems)).toBe('dirty');
    expect(worstClass(problems.filter(({ problem }) => problem === 'weight-zero'))).toBeNull();
    expect(worstClass([{ problem: 'pool-empty' }, { problem: 'weight-zero' }])).toBe('unhealthy');
  });
});

describe('what was not understood', () => {
  test.each<readonly [title: string, text: string]>([
    [
      'a service whose address is unknown',
      'virtual_server $VIP 80 {\nprotocol TCP\nreal_server 198.51.100.1 80 {\n}\n}',
    ],
    ['an include that cannot be read', 'include /proc/self/mem'],
    [
      'a service of unknown protocol',
      'virtual_server 192.0.2.1 80 {\nprotocol QUIC\nreal_server 198.51.100.1 80 {\n}\n}',
    ],
    [
      'a real server whose address is unknown',
      'virtual_server 192.0.2.1 80 {\nprotocol TCP\nlvs_sched wrr\npersistence_timeout 300\nreal_server 198.51.100.1 80 {\n}\nreal_server $B 80 {\n}\nquorum 2\n}',
    ],
    [
      'an unknown scheduler and method',
      'virtual_server 192.0.2.1 80 {\nprotocol TCP\nlvs_sched conhash\nlvs_method FNAT\npersistence_timeout 300\nreal_server 198.51.100.1 80 {\n}\nreal_server 198.51.100.2 80 {\nweight 2\n}\nreal_server 198.51.100.3 80 {\nweight 3\n}\n}',
    ],
  ])('is not judged: %s', (_, text) => {
    const reference = configured(text);
    expect(reference.notes.length).toBeGreaterThan(0);
    expect(problemsOf(well.join('\n'), reference)).toEqual([]);
  });

  test('in the table is not judged either', () => {
    const whole = actualTable(parseRules([service, ...mark].join('\n'), ''));
    const partial = {
      services: whole.services.slice(0, 1).map((own) => ({ ...own, isPartial: true })),
      mayExist: (name: string) => name === 'fwm_7',
    };
    expect(compareTables(partial, { kind: 'golden', table: configuration })).toEqual([]);
  });
});

describe('two directors of a pair', () => {
  test('both report that they differ', () => {
    const [one, two] = [
      parseRules([...well, ...mark].join('\n'), ''),
      parseRules([service, first, ...mark].join('\n'), ''),
    ];
    const reports = [
      compareTables(actualTable(one), { kind: 'against', table: two }),
      compareTables(actualTable(two), { kind: 'against', table: one }),
    ];
    expect(reports.map((own) => own.map(({ problem }) => problem))).toEqual([
      ['real-server-extra', 'real-server-extra'],
      ['real-server-missing', 'real-server-missing'],
    ]);
  });
});
