import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { CollectError } from '../../../src/collect/collect-error.js';
import { parseShowStat } from '../../../src/collect/haproxy/parse-show-stat.js';
import { haproxyName, parseHaproxyName } from '../../../src/model/names/haproxy-name.js';
import { fixturePath } from '../capture.js';

const before = readFileSync(fixturePath('haproxy/before.txt'), 'utf8');

const header = '# pxname,svname,qcur,scur,stot,bin,bout,status,weight,type,hrsp_2xx,last_chk,check_status,\n';

function parse(text: string) {
  const { reading, notes } = parseShowStat(text, 'here');
  return { reading, notes: notes.map((note) => note.text) };
}

function entriesOf(text: string) {
  return parse(text).reading.entries;
}

function fixture(name: string): string {
  return readFileSync(fixturePath(`haproxy/${name}`), 'utf8');
}

/** A backend's row. */
function line(name: string): string {
  return `${name},BACKEND,,0,1,0,0,UP,,1,,,,\n`;
}

describe('the statistics of a real HAProxy', () => {
  test('yield its process, proxies and servers, and no listener', () => {
    const { reading, notes } = parseShowStat(before, 'here');
    expect(reading.process).toEqual({ pid: 5811, uptimeS: 22 });
    expect(reading.entries.map(({ id }) => haproxyName(id))).toEqual([
      'haproxy_fe_web',
      'haproxy_be_web/a%2D1',
      'haproxy_be_web/b%3A2',
      'haproxy_be_web',
      'haproxy_fe_tcp_l.x',
      'haproxy_be_tcp_l.x/s',
      'haproxy_be_tcp_l.x',
      'haproxy_fe_stats',
      'haproxy_be_stats',
    ]);
    expect(notes).toEqual([]);
    expect(reading.entries[0]).toEqual({
      id: { kind: 'frontend', proxy: 'web', server: '' },
      values: [0n, 10n, 829n, 10135n, 0n, 8n, 0n, 2n, 0n, 0n, 1n, 0n],
      mode: 'http',
      status: 'OPEN',
      weight: null,
      check: '',
    });
    expect(reading.entries[1]).toMatchObject({ status: 'UP', weight: 10, check: 'L7OK: Layer7 check passed' });
    expect(reading.entries[5]).toMatchObject({ mode: 'tcp', status: 'no check', weight: 1 });
    expect(reading.entries[5]?.values.slice(5, 10)).toEqual([null, null, null, null, null]);
  });

  test('are the same over HTTP, without the process', () => {
    const { reading } = parseShowStat(readFileSync(fixturePath('haproxy/http.csv'), 'utf8'), 'here');
    expect(reading).toMatchObject({ process: null });
    expect(reading.entries).toHaveLength(9);
  });

  test('throw a typed error or lack only whole lines if truncated', () => {
    const whole = entriesOf(before);
    for (let length = 0; length < before.length; length += 7) {
      try {
        expect(whole.slice(0, entriesOf(before.slice(0, length)).length)).toEqual(entriesOf(before.slice(0, length)));
      } catch (error) {
        expect(error).toMatchObject({ code: expect.stringMatching(/^(cut-off|no-header|reported-nothing)$/) });
      }
    }
  });
});

describe('the statistics', () => {
  test('may have quotes, 64-bit counters, and columns in any order', () => {
    const text = `${header}"a, ""b""",s,,3,18446744073709551615,0,0,DOWN 1/2,9,2,,"no\nluck",* L4TOUT,\n`;
    expect(entriesOf(text)[0]).toMatchObject({
      id: { proxy: 'a, "b"', server: 's' },
      status: 'DOWN',
      weight: 9,
      check: 'L4TOUT: no\\x0aluck',
      values: expect.arrayContaining([18446744073709551615n, 3n]),
    });
  });

  test('omit and report a repeated name and one that is too long', () => {
    const { reading, notes } = parse(
      `${header}${line('a')}${line('a')}${line('-'.repeat(201))}${line(':'.repeat(200))}`,
    );
    expect(reading.entries.map(({ id }) => id.proxy)).toEqual(['a', ':'.repeat(200)]);
    expect(notes).toEqual([
      expect.stringMatching(/^"a\/BACKEND" of HAProxy is left out: two have that name \(line 3 of here\)$/),
      expect.stringContaining('its name has more than 200 characters'),
    ]);
  });

  test.each([
    ['<html>', 'no-header', 'expected the statistics of HAProxy as CSV, found an HTML page'],
    ['hello\n', 'no-header', 'expected the statistics of HAProxy as CSV'],
    ['', 'reported-nothing', 'here is empty'],
    [' \r\n\n', 'reported-nothing', 'here is empty'],
    ['Permission denied\n\n', 'not-permitted', 'the level "user"'],
    ['HTTP/1.1 400 Bad request\r\n\r\n', 'no-header', 'http://HOST:PORT/PATH'],
    ['Name: HAProxy\nPid: 1\n\n', 'cut-off', 'only the answer to "show info"'],
    ['# pxname,svname,\n', 'no-header', 'no column "type"'],
    [header.trimEnd(), 'cut-off', 'the header in line 1'],
    [`${header}a,BACKEND,,0,1,0,0,UP,,1,,"x`, 'cut-off', 'line 2'],
    [`${header}a,BACKEND,,0,1,0,0,UP,,1,,"x\n`, 'cut-off', 'line 2'],
    [`${header}${line('a')}${line('b')}c,BACK`, 'cut-off', 'line 4'],
  ])('%j throw %s', (text, code, message) => {
    let found: unknown;
    try {
      entriesOf(text);
    } catch (error) {
      found = error;
    }
    expect(found).toMatchObject({ code, message: expect.stringContaining(message) });
  });
});

describe('an invalid cell', () => {
  test('makes only its own value unknown: a negative count, in a fixture', () => {
    const { reading, notes } = parse(fixture('negative-cell.csv'));
    const values = Object.fromEntries(reading.entries.map(({ id, values }) => [haproxyName(id), values.slice(0, 5)]));
    expect(values).toEqual({
      haproxy_fe_www: [1n, 100n, 1000n, 5000n, 0n],
      haproxy_be_bk: [1n, null, 100n, 1000n, 5000n],
      'haproxy_be_bk/srv1': [1n, 0n, 50n, 500n, 2500n],
      'haproxy_be_bk/srv2': [null, null, 50n, 500n, 2500n],
      haproxy_fe_ok2: [1n, 100n, 1000n, 5000n, 0n],
    });
    expect(notes).toEqual([
      '"bk/BACKEND" of HAProxy, line 3 of here: column qcur: expected a whole number, found "-1": this value is unknown',
      expect.stringMatching(
        /^"bk\/srv2" of HAProxy, line 5 of here: column scur: .*"4294967293".*; column qcur: .*"-3"/,
      ),
    ]);
    expect(reading).not.toHaveProperty('unread');
  });

  test.each(['many', '-5', '1.5', '1e3', '0x10', ' 1', '007', '18446744073709551616', '9'.repeat(5000), '\u0661'])(
    '%j is unknown',
    (word) => {
      const { reading, notes } = parse(`${header}a,BACKEND,,0,${word},7,0,UP,,1,,,,\n${line('b')}`);
      expect(reading.entries.map(({ values }) => values.slice(2, 4))).toEqual([
        [null, 7n],
        [1n, 0n],
      ]);
      expect(notes).toEqual([expect.stringMatching(/^"a\/BACKEND" .*column stot: expected a whole number, found/)]);
      expect(notes[0]?.length).toBeLessThan(300);
    },
  );

  test('of a weight or a status leaves the rest of its server known', () => {
    const { reading, notes } = parse(`${header}a,s,0,0,1,0,0,,300000,2,,,,\n`);
    expect(reading.entries[0]).toMatchObject({ weight: null, status: '', values: expect.arrayContaining([1n]) });
    expect(notes).toEqual([expect.stringContaining('column weight: expected at most 65535')]);
  });
});

describe('an invalid row', () => {
  test.each([
    ['has too few fields', 'a,s,0,0\n', 'expected 14 fields, found 4'],
    ['has too many fields', `${'a,s'.padEnd(40, ',')}\n`, 'expected 14 fields, found'],
    ['has an unknown type', 'a,s,0,0,1,0,0,UP,,7,,,,\n', 'column type: expected 0 to 3, found "7"'],
    ['has a quote within a field', 'a,s,0,0,1,0,0,UP,,2,,no "luck",,\n', 'a quote is misplaced'],
    ['has an unclosed quote', 'a,s,0,0,1,0,0,UP,,2,,"no luck,,\n', 'a quote is misplaced'],
    ['has an endless text', `a,s,0,0,1,0,0,UP,,2,,"${'x'.repeat(300_000)}",,\n`, 'a quote is misplaced'],
  ])('that %s loses only its own values', (_title, row, problem) => {
    const { reading, notes } = parse(`${header}${line('z')}${row}${line('b')}`);
    expect(reading.entries.map(({ id }) => id.proxy)).toEqual(['z', 'b']);
    expect(reading.unread).toEqual(new Set(['haproxy_be_a/s']));
    expect(reading).not.toHaveProperty('isAbsenceSure');
    expect(notes).toEqual([expect.stringContaining(`"a/s" of HAProxy, line 3 of here: ${problem}`)]);
  });

  test.each(['\u0000\u0001\n', ',,,\n', 'a,s"x,0\n', 'just words\n', ',s,0,0,1,0,0,UP,,2,,,,\n'])(
    'without a name leaves unknown which entry is missing: %j',
    (row) => {
      const { reading, notes } = parse(`${header}${line('z')}${row}${line('b')}`);
      expect(reading.entries).toHaveLength(2);
      expect(reading.isAbsenceSure).toBe(false);
      expect(notes).toEqual([expect.stringContaining('does not say which entry it is')]);
    },
  );

  test('hides a later row of the same name', () => {
    const { reading, notes } = parse(`${header}a,s,0,0\na,s,0,0,1,0,0,UP,,2,,,,\n`);
    expect(reading).toMatchObject({ entries: [], unread: new Set(['haproxy_be_a/s']) });
    expect(notes).toHaveLength(2);
  });

  test('adds to a bounded number of notes', () => {
    const { notes } = parse(`${header}${Array.from({ length: 5000 }, (_, i) => `p${i},BACKEND\n`).join('')}`);
    expect(notes).toHaveLength(1001);
    expect(notes.at(-1)).toContain('4000 more entries');
  });
});

describe('a note', () => {
  test('names the archive of an omitted entry, or remarks on one that is kept', () => {
    const rows = `a,s,0,0\n${line('b')}${line('b')}c,BACKEND,-1,0,1,0,0,UP,,1,,,,\n${line(':'.repeat(201))},,,\n`;
    const { notes } = parseShowStat(header + rows, 'here');
    expect(notes.map(({ kind, entry }) => [kind, entry])).toEqual([
      ['refused', 'haproxy_be_a/s'],
      ['refused', 'haproxy_be_b'],
      ['remark', 'haproxy_be_c'],
      ['refused', `"${':'.repeat(60)}…"`],
      ['refused', '"/"'],
    ]);
  });
});

describe('between rows', () => {
  test('empty lines are ignored, in a fixture', () => {
    const { reading, notes } = parse(fixture('empty-line.csv'));
    expect(reading.entries.map(({ id }) => haproxyName(id))).toEqual([
      'haproxy_fe_www',
      'haproxy_be_bk',
      'haproxy_be_bk/srv1',
      'haproxy_fe_www2',
    ]);
    expect(notes).toEqual([]);
  });

  test('lines may end in CR LF', () => {
    expect(parse(before.replaceAll('\n', '\r\n'))).toEqual(parse(before));
    const quoted = `${header}a,s,0,0,1,0,0,UP,,2,,"no\r\nluck",L4TOUT,\r\n`;
    expect(entriesOf(quoted)[0]).toMatchObject({ check: 'L4TOUT: no\\x0d\\x0aluck' });
  });

  test('"show info" may come before or after', () => {
    const [info = '', csv = ''] = before.split('\n\n');
    const turned = parse(`${csv}\n\n${info}\n\n`);
    expect(turned).toEqual(parse(before));
  });
});

describe('several outputs in one file', () => {
  const older = `${header}${line('a')}${line('old')}\n`;
  const newer = `${header}${line('a')}${line('new')}\n`;

  test('yield the last', () => {
    const { reading, notes } = parse(older + newer);
    expect(reading.entries.map(({ id }) => id.proxy)).toEqual(['a', 'new']);
    expect(notes).toEqual(['here has 2 outputs of "show stat": only the last, from line 5, is read']);
  });

  test.each([
    ['at the end', `${older}${newer.slice(0, -20)}`, 'old'],
    ['within its header', `${older}${newer.slice(0, 30)}`, 'old'],
    ['within a line before the next output', `${older.slice(0, -20)}${newer}`, 'new'],
    ['within a quote before the next output', `${header}${line('a')}b,s,0,0,1,0,0,UP,,2,,"x\n${newer}`, 'new'],
  ])('yield the last complete one if one is truncated %s', (_title, text, wanted) => {
    const { reading, notes } = parse(text);
    expect(reading.entries.map(({ id }) => id.proxy)).toEqual(['a', wanted]);
    expect(notes).toEqual([expect.stringContaining('2 outputs of "show stat"')]);
  });

  test('keep the process of the output that is read', () => {
    const other = before.replace('Pid: 5811', 'Pid: 7000');
    expect(parse(before + other).reading.process).toMatchObject({ pid: 7000 });
    expect(parse(before + other.slice(0, -2)).reading.process).toMatchObject({ pid: 5811 });
  });
});

describe('unprintable text', () => {
  test('in names becomes escapes, which keep names distinct and are noted', () => {
    const names = ['web\0', 'web\u0001', 'web\\x01', 'a\u202eb', 'x\u001b[31m', 'b\ud800', 'b\udcff'];
    const { reading, notes } = parse(`${header}${names.map((name) => line(name)).join('')}`);
    expect(reading.entries.map(({ id }) => id.proxy)).toEqual([
      'web\\x00',
      'web\\x01',
      'a\\u202eb',
      'x\\x1b[31m',
      'b\\ud800',
      'b\\xff',
    ]);
    expect(notes.filter((note) => note.includes('escapes'))).toHaveLength(6);
    expect(notes.filter((note) => note.includes('two have that name'))).toHaveLength(1);
    expect(notes.join('')).toMatch(/^[\x20-\x7e…]*$/);
  });

  test('in status and check is escaped and bounded', () => {
    const text = `"\u001b]0;x\u0007${'y'.repeat(10_000)}\u202e\n\n\n"`;
    const [entry] = entriesOf(`${header}a,s,0,0,1,0,0,${text},,2,,${text},L7STS\u0000,\n`);
    expect(entry?.status).toMatch(/^[\x20-\x7e…]{1,80}$/);
    expect(entry?.check).toMatch(/^[\x20-\x7e…]{1,900}$/);
  });
});

describe('damaged statistics', () => {
  const piece = fc.oneof(
    fc.constantFrom(
      '"',
      '""',
      ',',
      '\n',
      '\r\n',
      '\n\n',
      '\0',
      '-',
      '# pxname,svname,',
      '9'.repeat(30),
      '\ud800',
      'Pid: 1\n',
    ),
    fc.string({ maxLength: 5 }),
  );
  const damage = fc.record({ at: fc.nat(before.length), length: fc.nat(40), piece });

  test('throw a typed error or yield storable names and printable notes', () => {
    fc.assert(
      fc.property(fc.array(damage, { minLength: 1, maxLength: 3 }), (damages) => {
        let text = before;
        for (const one of damages) text = text.slice(0, one.at) + one.piece + text.slice(one.at + one.length);
        try {
          const { reading, notes } = parse(text);
          const names = [...reading.entries.map(({ id }) => haproxyName(id)), ...(reading.unread ?? [])];
          expect(new Set(names).size).toBe(names.length);
          for (const name of names) expect(parseHaproxyName(name)).not.toBeNull();
          expect(notes.join('')).toMatch(/^[\x20-\x7e…]*$/);
        } catch (error) {
          expect(error).toBeInstanceOf(CollectError);
        }
      }),
      { numRuns: 2000, seed: 7 },
    );
  });

  test.each([
    ['a quote in every line', '"\n'],
    ['an opening quote in every line', 'a,"x\n'],
    ['doubled quotes', '""""\n'],
    ['empty lines', '\n'],
    ['headers', '# pxname,svname,\n'],
    ['headers within lines', 'a# pxname,svname,\n'],
    ['commas', ','],
  ])('with a megabyte of %s take one pass', (_title, repeated) => {
    // A pass that restarted at each line would exceed the time limit of a test.
    const text = `${header}${repeated.repeat(2 ** 20 / repeated.length)}\n`;
    try {
      expect(parse(text).notes.length).toBeLessThan(1002);
    } catch (error) {
      expect(error).toBeInstanceOf(CollectError);
    }
  });
});
