// The reader of clean listings against the careful reader, its reference: any result of the first equals that of the second.

import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { readClean } from '../../../../src/collect/ipvs/clean/read-clean.js';
import { joinListings, parseListings } from '../../../../src/collect/ipvs/join.js';
import { servicesFrom } from '../../../../src/model/table/table-columns.js';
import { seed } from '../../../seed.js';
import { printStats, printTable, randomTable } from '../../random-table.js';

function clean(statsText: string, tableText: string) {
  return readClean(Buffer.from(statsText, 'latin1'), Buffer.from(tableText, 'latin1'));
}

/** Words and characters that ipvsadm prints, and near misses. */
const oddities = [
  ...[
    '',
    '0',
    '00',
    '007',
    '18446744073709551615',
    '18446744073709551616',
    '123456789012345',
    '1234567890123456',
    '-1',
  ],
  ...['1K', 'TCP', 'FWM', 'IPv6', '->', '[::]:0', '[1::2::3]:4', '[:1]:2', '[1:2:3:4:5:6:7::]:8', '[::1.2.3.4]:5'],
  ...[
    '[1:2:3:4:5:6:7:8:9]:1',
    '[12345::1]:1',
    '[2001:DB8::01]:80',
    '1.2.3:4',
    '01.2.3.4:5',
    '256.1.1.1:1',
    '1.2.3.4:65536',
  ],
  ...[
    '\t',
    '\r',
    '\n',
    '\0',
    '\u00e9',
    '  ',
    ' '.repeat(1100),
    'Killed',
    '(a)',
    'ops',
    'Masq',
    '2147483648',
    '4294967296',
  ],
];

/** Damage to a text: a word replaced or added, or a line lost, repeated or moved. */
const damage = fc.tuple(fc.nat(5), fc.nat(), fc.nat(), fc.constantFrom(...oddities)).map(([kind, a, b, odd]) => {
  return (text: string): string => {
    const lines = text.split('\n');
    const line = 3 + (a % Math.max(1, lines.length - 4));
    const found = lines[line] ?? '';
    const words = found.split(/(?<=\S)(?= )/);
    const at = b % Math.max(1, words.length);
    if (kind === 0) lines[line] = words.with(at, ` ${odd}`).join('');
    else if (kind === 1) lines[line] = words.toSpliced(at, 0, ` ${odd}`).join('');
    else if (kind === 2) lines.splice(line, 1);
    else if (kind === 3) lines.splice(3 + (b % Math.max(1, lines.length - 4)), 0, found);
    else if (kind === 4)
      lines[line] = found.slice(0, b % (found.length + 1)) + odd + found.slice(b % (found.length + 1));
    else return text;
    return lines.join('\n');
  };
});

const version = 'IP Virtual Server version 1.2.1 (size=4096)';
const server = '  -> 10.1.0.11:80';

describe('the reader of clean listings', () => {
  test('reads every table that ipvsadm prints', () => {
    fc.assert(
      fc.property(randomTable, (services) => {
        const columns = clean(printStats(services), printTable(services));
        expect(columns === null ? null : servicesFrom(columns)).toEqual(services);
      }),
      { seed, numRuns: 300 },
    );
  });

  test('reads damaged listings like the careful reader or leaves them to it', () => {
    let read = 0;
    fc.assert(
      fc.property(
        randomTable,
        fc.array(damage, { minLength: 1, maxLength: 3 }),
        fc.boolean(),
        (services, hits, isTable) => {
          const texts = [printStats(services), printTable(services)];
          const place = isTable ? 1 : 0;
          texts[place] = hits.reduce((text, hit) => hit(text), texts[place] ?? '');
          const [statsText = '', tableText = ''] = texts;
          const columns = clean(statsText, tableText);
          if (columns === null) return;
          read += 1;
          const careful = joinListings({ statsText, tableText });
          expect(careful).toEqual({ services: servicesFrom(columns), isWhole: true, isTorn: false, notes: [] });
          expect(parseListings({ statsText, tableText })).toEqual(careful);
        },
      ),
      { seed, numRuns: 3000 },
    );
    expect(read).toBeGreaterThan(100);
  });

  test.each([
    ['another order', (lines: string[]) => [...lines.slice(0, 3), ...lines.slice(3, -1).toReversed(), '']],
    ['text before the header', (lines: string[]) => ['Welcome', ...lines]],
    ['the listing twice', (lines: string[]) => [...lines.slice(0, -1), ...lines]],
    ['a missing last line end', (lines: string[]) => lines.slice(0, -1)],
  ])('leaves %s to the careful reader', (_, change) => {
    const [table] = fc.sample(fc.uniqueArray(randomTable, { minLength: 1 }), { seed: 3, numRuns: 1 })[0] ?? [];
    const services = table ?? [];
    expect(services.length).toBeGreaterThan(1);
    const changed = change(printTable(services).split('\n')).join('\n');
    expect(clean(printStats(services), printTable(services))).not.toBeNull();
    expect(clean(printStats(services), changed)).toBeNull();
  });

  test.each([
    ['a mark with a scheduler', 'FWM  6 1 2 3 4 5', 'FWM  6 rr', true],
    ['a mark without a scheduler', 'FWM  6 1 2 3 4 5', 'FWM  6 IPv6', false],
    ['a mark whose scheduler follows a tab', 'FWM  6 1 2 3 4 5', 'FWM  6 IPv6\twlc', false],
    [
      'a real server',
      `TCP  10.9.1.1:80 1 2 3 4 5\n${server} 1 2 3 4 5`,
      `TCP  10.9.1.1:80 rr\n${server} Masq 1 0 0`,
      true,
    ],
    [
      'a forwarding method spelled like the scheduler above it',
      `TCP  10.9.1.1:80 1 2 3 4 5\n${server} 1 2 3 4 5`,
      `TCP  10.9.1.1:80 a.b\n${server} a.b 1 0 0`,
      false,
    ],
  ])('judges %s', (_, statsLines, tableLines, isClean) => {
    const stats = `${version}\nProt LocalAddress:Port               Conns   InPkts  OutPkts  InBytes OutBytes\n  -> RemoteAddress:Port\n`;
    const table = `${version}\nProt LocalAddress:Port Scheduler Flags\n  -> RemoteAddress:Port           Forward Weight ActiveConn InActConn\n`;
    expect(clean(`${stats}${statsLines}\n`, `${table}${tableLines}\n`) !== null).toBe(isClean);
  });
});
