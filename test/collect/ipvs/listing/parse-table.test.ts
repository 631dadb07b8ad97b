import { describe, expect, test } from 'vitest';
import { CollectError } from '../../../../src/collect/collect-error.js';
import { parseTableListing, type ServiceSetup } from '../../../../src/collect/ipvs/listing/parse-table.js';
import { serviceName } from '../../../../src/model/names/name.js';
import { capture, hostileLines } from '../../capture.js';
import { parseProcTable } from '../../proc-table.js';

const header = capture('empty/001-list.txt');
const oneService = `${header}TCP  10.9.1.1:80 rr\n  -> 10.1.0.11:80   Masq 1 0 0         \n`;

function errorOf(text: string): CollectError {
  try {
    parseTableListing(text);
  } catch (error) {
    if (error instanceof CollectError) return error;
    throw error;
  }
  throw new Error('was parsed');
}

/** Converts a parsed table to the form of `parseProcTable`. */
function asProc(table: ReadonlyMap<string, ServiceSetup>) {
  const services = new Map<string, unknown>();
  for (const { id, scheduler, flags, realServers } of table.values()) {
    const key = id.kind === 'mark' ? `FWM ${id.mark}` : `${id.protocol.toUpperCase()} ${id.address} ${id.port}`;
    const words = flags.split(' ');
    services.set(services.has(key) ? `${key} again` : key, {
      scheduler,
      isOnePacket: key.includes(':') ? null : words.includes('ops'),
      isPersistent: words.includes('persistent'),
      realServers: [...realServers.values()]
        .map(({ id: server, forwarding, weight }) => `${server.address} ${server.port} ${forwarding} ${weight}`)
        .toSorted(),
    });
  }
  return services;
}

describe('captures', () => {
  test('a table without services is valid', () => {
    expect(parseTableListing(header).services.size).toBe(0);
  });

  test.each([
    ['zoo/001-list.txt', 'zoo/019-proc-ip_vs.txt', 86],
    ['zoo/009-list-nosort.txt', 'zoo/019-proc-ip_vs.txt', 86],
    ['zoo/025-list.txt', 'zoo/043-proc-ip_vs.txt', 86],
    ['zoo/055-exact-alone.txt', 'zoo/043-proc-ip_vs.txt', 86],
    ['scale/004-after-list.txt', 'scale/006-proc-ip_vs.txt', 2000],
    ['access/016-loaded-root-list.txt', 'access/023-loaded-nobody-proc.txt', 1],
  ])('%s has the identities, forwarding and weights of %s', (list, proc, services) => {
    const expected = parseProcTable(capture(proc));
    const found = asProc(parseTableListing(capture(list)).services);
    expect(expected.size).toBe(services);
    expect(Object.fromEntries(found)).toEqual(Object.fromEntries(expected));
  });

  test.each([
    ['tcp 10.9.1.4:80', 'sh', '(sh-fallback,sh-port)'],
    ['tcp 10.9.1.43:443', 'sh', '(sh-port) persistent 2678400 mask 255.0.0.0'],
    ['tcp 10.9.1.1:443', 'wrr', ''],
    ['udp 10.9.1.1:5060', 'rr', 'persistent 60 pe sip ops'],
    ['udp 10.9.1.2:53', 'rr', 'ops'],
    ['tcp [2001:db8:9::2]:443', 'rr', 'persistent 300 mask 64'],
    ['mark 6 ipv6', 'wlc', 'persistent 300 mask 64'],
    ['mark 7 ipv4', 'rr', ''],
    ['mark 4000000000 ipv4', 'wlc', ''],
  ])('%s has scheduler %s and flags "%s"', (key, scheduler, flags) => {
    expect(parseTableListing(capture('zoo/025-list.txt')).services.get(key)).toMatchObject({ scheduler, flags });
  });

  test('a real server has its forwarding, weight and connections', () => {
    const table = parseTableListing(capture('zoo/025-list.txt')).services;
    expect(table.get('tcp 10.9.1.8:80')?.realServers.get('10.1.0.11:80')).toMatchObject({ inActConn: 8 });
    expect(table.get('tcp 10.9.1.8080:80')).toBeUndefined();
    expect(table.get('tcp 10.9.1.1:8080')?.realServers.get('10.1.0.12:8443')).toEqual({
      id: { address: '10.1.0.12', port: 8443 },
      forwarding: 'Masq',
      weight: 2147483647,
      activeConn: 0,
      inActConn: 19,
    });
    expect(table.get('tcp 10.9.2.64:80')?.realServers.get('[2001:db8:1::11]:80')).toMatchObject({
      forwarding: 'Tunnel',
      activeConn: 1,
    });
  });
});

describe('a line', () => {
  test.each(hostileLines('table-invalid.txt'))('is omitted, and its number and text reported: %s', (line) => {
    const { services, notes } = parseTableListing(`${oneService}${line}\n`);
    expect([...services.values()].map(({ realServers }) => realServers.size)).toEqual([1]);
    const [{ kind, text } = { kind: null, text: '' }] = notes;
    expect(kind).toBe('refused');
    expect(text).toContain('line 6 of "ipvsadm -L -n"');
    expect(text).toMatch(/^[\x20-\x7e…]+$/);
  });

  test.each(hostileLines('table-valid.txt'))('is accepted: %s', (line) => {
    const table = [...parseTableListing(`${oneService}${line}\n`).services.values()];
    const [first, second] = table;
    expect(table.length + (first?.realServers.size ?? 0)).toBe(3);
    if (second === undefined) return;
    const words = line.split(/\s+/).slice(line.includes('IPv6') ? 3 : 2);
    expect(`${second.scheduler} ${second.flags}`.trim()).toBe(words.join(' '));
  });

  test.each([
    ['a service', 'TCP  10.9.1.1:80 wlc', '10.9.1.1_80'],
    ['a real server', '  -> 10.1.0.11:80 Route 1 0 0', '10.9.1.1_80/10.1.0.11_80'],
    ['a real server with another weight', '  -> 10.1.0.11:80 Masq 7 0 0', '10.9.1.1_80/10.1.0.11_80'],
  ])('that contradicts an earlier one of %s is omitted', (_, line, name) => {
    const { isTorn, notes } = parseTableListing(`${oneService}${line}\nUDP  10.9.1.1:53 rr\n`);
    expect(isTorn).toBe(true);
    expect(notes).toMatchObject([{ kind: 'refused', entry: name, text: expect.stringContaining('listed twice') }]);
  });

  test('that repeats an entry with other connections counts once', () => {
    const again = 'TCP  10.9.1.1:80 rr\n  -> 10.1.0.11:80 Masq 1 5 6\n  -> 10.1.0.12:80 Masq 1 0 0\n';
    const { services, isTorn, notes } = parseTableListing(oneService + again);
    const [service] = services.values();
    expect([...(service?.realServers.keys() ?? [])]).toEqual(['10.1.0.11:80', '10.1.0.12:80']);
    expect(service?.realServers.get('10.1.0.11:80')).toMatchObject({ activeConn: 0 });
    expect({ isTorn, notes: notes.map(({ kind, entry }) => `${kind} ${entry}`) }).toEqual({
      isTorn: true,
      notes: ['remark 10.9.1.1_80'],
    });
  });

  test('keeps the word of an unknown forwarding method', () => {
    const { services, notes } = parseTableListing(`${oneService}  -> 10.1.0.12:80 FullNat 100 3 4\n`);
    expect(services.get('tcp 10.9.1.1:80')?.realServers.get('10.1.0.12:80')).toMatchObject({
      forwarding: 'FullNat',
      weight: 100,
      activeConn: 3,
    });
    expect(notes).toEqual([]);
  });

  test('joined with the next is not mistaken for flags', () => {
    const text = capture('zoo/025-list.txt');
    const lines = text.split('\n');
    const whole = new Map(
      [...parseTableListing(text).services.values()].map(({ id, realServers }) => [
        serviceName(id),
        [...realServers.keys()],
      ]),
    );
    for (let index = 3; index < lines.length - 2; index++) {
      const joined = [...lines.slice(0, index), `${lines[index]}${lines[index + 1]}`, ...lines.slice(index + 2)];
      const { services, refused, notes, strayLines } = parseTableListing(joined.join('\n'));
      expect(notes.length).toBeGreaterThan(0);
      const left = [...services.values()];
      for (const { id, realServers } of left)
        expect(whole.get(serviceName(id))).toEqual(expect.arrayContaining([...realServers.keys()]));
      expect(left.length + refused.size + strayLines).toBeGreaterThanOrEqual(whole.size);
    }
  });
});

describe('a listing', () => {
  test.each([
    ['counters', 'zoo/027-stats-exact.txt', 'wrong-listing', '"ipvsadm -L -n --stats --exact"'],
    ['the kernel file', 'zoo/043-proc-ip_vs.txt', 'bad-line', '-n'],
    ['tunnels', 'zoo/032-tun-info.txt', 'wrong-listing', 'TunnelInfo'],
    ['persistent connections', 'zoo/031-persistent-conn.txt', 'wrong-listing', 'PersistConn'],
    ['one service', 'zoo/050-one-tcp-list.txt', 'no-header', 'Prot'],
    ['nothing', 'access/018-loaded-nobody-list.txt', 'no-header', 'nothing at all'],
  ])('of another kind is rejected: %s', (_, name, code, said) => {
    const error = errorOf(capture(name));
    expect(error.code).toBe(code);
    expect(error.message).toContain(said);
  });

  test('truncated in its last line is an error', () => {
    const text = capture('zoo/025-list.txt');
    const lastLine = text.lastIndexOf('\n', text.length - 2) + 1;
    for (let length = lastLine + 1; length < text.length; length++) {
      expect(errorOf(text.slice(0, length)).code).toBe('cut-off');
    }
  });

  test('without -n loses the entries with names', () => {
    const { notes } = parseTableListing(capture('zoo/035-list-names.txt'));
    expect(notes.length).toBeGreaterThan(10);
    for (const { text } of notes) expect(text).toMatch(/-n\?$|a firewall mark of 32 bits/);
  });
});
