// Hosts as network namespaces around a router, which is one, too. Each host has an address of its own and one neighbour, the router, so that tables of
// neighbours, which all namespaces share, stay small. Ways are cut in the router: packets vanish without a word. Nothing is in the machine's own
// namespace, so deleting the namespaces removes everything.

import { execFileSync, spawnSync } from 'node:child_process';
import { hasProgram } from '../engine.js';

/** A host. */
export interface NamespaceHost {
  readonly name: string;
  readonly address: string;
  /** Words before a command that runs on this host, in the same process. */
  readonly entry: readonly string[];
}

/** Bytes and packets that a host has sent and received so far, with their headers of Ethernet. */
export interface Traffic {
  readonly bytes: number;
  readonly packets: number;
}

/** Cut ways; ends the cut. */
export type Heal = () => void;

export type Namespaces = ReturnType<typeof openNamespaces>;

const gateway = '10.77.255.254';

/** The table of routes that a smaller side is left with. */
const smallTable = 100;

/** Whether namespaces can be made here: by root, where the kernel lets it. */
export function canMakeNamespaces(): boolean {
  if (process.getuid?.() !== 0 || !hasProgram('ip') || !hasProgram('nsenter')) return false;
  const name = `lvs-stats-${process.pid}-trial`;
  const isMade = spawnSync('ip', ['netns', 'add', name], { stdio: 'ignore' }).status === 0;
  if (isMade) execFileSync('ip', ['netns', 'del', name]);
  return isMade;
}

/** Makes hosts `n1` to `nCOUNT` in namespaces whose names begin with `prefix`; the end of the process removes them, too. Throws what `ip` says. */
export function openNamespaces(prefix: string, count: number) {
  const names = Array.from({ length: count }, (_, i) => `n${i + 1}`);
  const hosts = new Map<string, NamespaceHost>(
    names.map((name, i) => {
      const address = `10.77.${Math.floor(i / 200)}.${1 + (i % 200)}`;
      return [name, { name, address, entry: ['nsenter', `--net=/run/netns/${prefix}-${name}`, '--'] }];
    }),
  );
  const router = `${prefix}-r`;
  const spaces = [router, ...names.map((name) => `${prefix}-${name}`)];

  const close = (): void => {
    process.off('exit', close);
    // What was not made cannot be deleted.
    spawnSync('ip', ['-force', '-batch', '-'], { input: lines(spaces.map((name) => `netns del ${name}`)) });
  };
  process.on('exit', close);

  const inRouter = (commands: readonly string[]): void => batch(['-n', router], commands);

  try {
    batch(
      [],
      spaces.map((name) => `netns add ${name}`),
    );
    for (const space of spaces) {
      const settings = ['echo 1 > /proc/sys/net/ipv6/conf/all/disable_ipv6 2>/dev/null || true'];
      if (space === router) settings.push('echo 1 > /proc/sys/net/ipv4/ip_forward');
      execFileSync('nsenter', [`--net=/run/netns/${space}`, 'sh', '-c', settings.join('\n')]);
    }
    batch(
      [],
      names.map((name) => `link add ${name} netns ${router} type veth peer name eth0 netns ${prefix}-${name}`),
    );
    inRouter(
      [...hosts.values()].flatMap(({ name, address }) => [
        `addr add ${gateway}/32 dev ${name}`,
        `link set ${name} up`,
        `route add ${address}/32 dev ${name}`,
      ]),
    );
    for (const { name, address } of hosts.values())
      batch(
        ['-n', `${prefix}-${name}`],
        [
          'link set lo up',
          `addr add ${address}/32 dev eth0`,
          'link set eth0 up',
          `route add ${gateway}/32 dev eth0`,
          `route add default via ${gateway} src ${address}`,
        ],
      );
  } catch (error) {
    close();
    throw error;
  }

  const hostOf = (name: string): NamespaceHost => {
    const host = hosts.get(name);
    if (host === undefined) throw new Error(`there is no host ${name}`);
    return host;
  };

  const rules = (all: readonly string[], more: readonly string[] = []): Heal => {
    inRouter([...more, ...all.map((rule) => `rule add ${rule}`)]);
    let isHealed = false;
    return () => {
      if (!isHealed) inRouter(all.map((rule) => `rule del ${rule}`));
      isHealed = true;
    };
  };

  return {
    hosts: [...hosts.values()],
    hostOf,
    /** Cuts the ways between two hosts. */
    cutPair(a: string, b: string): Heal {
      const [one, other] = [hostOf(a).address, hostOf(b).address];
      return rules([`pref 100 from ${one} to ${other} blackhole`, `pref 100 from ${other} to ${one} blackhole`]);
    },
    /** Cuts a host off from all others. */
    cutOff(name: string): Heal {
      const { address } = hostOf(name);
      return rules([`pref 100 from ${address} blackhole`, `pref 100 to ${address} blackhole`]);
    },
    /** Cuts some hosts off from the others, but not from each other. */
    part(side: readonly string[]): Heal {
      const all = side.map(hostOf);
      const routes = all.map(({ name, address }) => `route replace ${address}/32 dev ${name} table ${smallTable}`);
      // Tables of earlier partitions are left, and are emptied here.
      spawnSync('ip', ['-n', router, 'route', 'flush', 'table', String(smallTable)], { stdio: 'ignore' });
      return rules(
        [
          ...all.map(({ name }) => `pref 200 iif ${name} lookup ${smallTable}`),
          ...all.map(({ address }) => `pref 300 to ${address} blackhole`),
        ],
        [...routes, `route replace blackhole default table ${smallTable}`],
      );
    },
    /** By the name of the host. */
    traffic(): ReadonlyMap<string, Traffic> {
      const text = execFileSync('ip', ['-n', router, '-s', '-j', 'link', 'show'], { maxBuffer: 2 ** 26 });
      const links = JSON.parse(text.toString()) as readonly LinkStatistics[];
      return new Map(
        links
          .filter(({ ifname }) => hosts.has(ifname))
          .map(({ ifname, stats64: { rx, tx } }) => [
            ifname,
            { bytes: rx.bytes + tx.bytes, packets: rx.packets + tx.packets },
          ]),
      );
    },
    close,
  };
}

/** A line of `ip -s -j link`. */
interface LinkStatistics {
  readonly ifname: string;
  readonly stats64: { readonly rx: Traffic; readonly tx: Traffic };
}

function lines(commands: readonly string[]): string {
  return commands.map((command) => `${command}\n`).join('');
}

function batch(options: readonly string[], commands: readonly string[]): void {
  const { status, stderr } = spawnSync('ip', [...options, '-batch', '-'], { input: lines(commands), encoding: 'utf8' });
  if (status !== 0) throw new Error(`ip ${options.join(' ')} says: ${stderr.trim()}`);
}
