// The files that setup writes for cron and systemd, and those that it leaves alone.

import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { parseIpVsStatus } from '../../src/collect/ipvs/proc/parse-ip-vs-status.js';
import { cronFile, cronPath } from '../../src/setup/cron-file.js';
import { handedFiles } from '../../src/setup/handed-files.js';
import type { Installation } from '../../src/setup/installation.js';
import { placeFiles, removeFiles } from '../../src/setup/place-files.js';
import { requireReach, requireSeen } from '../../src/setup/reach.js';
import { authorOf, signed } from '../../src/setup/signature.js';
import { accountSteps, formatStep, unitSteps } from '../../src/setup/steps.js';
import { unitFiles } from '../../src/setup/units.js';

const installation: Installation = {
  title: 'lvs-stats',
  settings: null,
  node: '/usr/bin/node',
  program: '/usr/local/lib/node_modules/lvs-stats/bin/lvs-stats',
  version: '1.2.3',
  dataDir: '/var/lib/lvs-stats',
  user: 'lvs-stats',
  stepS: 300,
  retention: null,
  reader: null,
  handed: [],
};

let root = '';
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'lvs-stats-setup-'));
});
afterEach(() => rmSync(root, { recursive: true, force: true }));

describe('the cron line', () => {
  const lineOf = (change: Partial<Installation> = {}): string =>
    cronFile({ ...installation, ...change }, '/usr/bin/setpriv')
      .text.split('\n')
      .at(-2) ?? '';

  test('uses absolute paths, passes on a file that only root may read, drops to the user with one capability, and is quiet', () => {
    expect(lineOf()).toBe(
      '*/5 * * * * root IP_VS_STATUS="$(/usr/bin/head -n 2 /proc/net/ip_vs_status 2>/dev/null)" /usr/bin/setpriv --reuid=lvs-stats --regid=lvs-stats --init-groups --inh-caps=-all,+net_admin ' +
        '--ambient-caps=-all,+net_admin --bounding-set=-all,+net_admin --no-new-privs -- /usr/bin/node ' +
        '/usr/local/lib/node_modules/lvs-stats/bin/lvs-stats collect --data /var/lib/lvs-stats --quiet',
    );
  });

  test.each([
    ['the two lines of the file', 'Conns:\t40\nConn buckets:\t1024 (10 bits, lfactor -4)\nServices:\t1\n', '40'],
    ['nothing if the file is missing', null, ''],
  ])('passes on %s', (_, text, entries) => {
    const status = join(root, 'ip_vs_status');
    if (text !== null) writeFileSync(status, text);
    const line = lineOf()
      .replace('/proc/net/ip_vs_status', status)
      .replace(/ \/usr\/bin\/setpriv .*$/, ' /usr/bin/env');
    const output = execFileSync('/bin/sh', ['-c', line.replace(/^.* root /, '')], { encoding: 'utf8' });
    const handed = /^IP_VS_STATUS=((?:Conns:.*\nConn buckets:.*)?)$/m.exec(output)?.[1];
    expect(handed).toBeDefined();
    expect(String(parseIpVsStatus(handed ?? '')?.entries ?? '')).toBe(entries);
  });

  test("escapes blanks, quotes and cron's line end character", () => {
    expect(lineOf({ dataDir: "/srv/it's 100 %" })).toMatch(/--data '\/srv\/it'\\''s 100 \\%' --quiet$/);
  });
});

describe('a data folder with a hostile name', () => {
  const names = [
    "/srv/it's 100 %",
    '/srv/$HOME `id` $(id)',
    '/srv/"quoted" \\ back\\',
    '/srv/a;b|c&d>e<f#g*h?i[j]{k,l}~m!n',
    '/srv/%h %% %n',
    '-',
    '/srv/größe 日本',
  ];

  test.each(names)('reaches the program through cron and its shell unchanged: %s', (dataDir) => {
    const line =
      cronFile({ ...installation, dataDir }, 'printf')
        .text.split('\n')
        .at(-2) ?? '';
    // cron cuts at a bare "%", and removes the backslash before others: see crontab(5).
    const command = line.replace(/^\S+ \S+ \S+ \S+ \S+ root .* printf /, '');
    expect(command.replaceAll('\\%', '')).not.toContain('%');
    const said = execFileSync('/bin/sh', ['-c', `printf '%s\\n' ${command.replaceAll('\\%', '%')}`], {
      encoding: 'utf8',
    });
    expect(said.split('\n')).toContain(dataDir);
  });

  test.each([
    ['/srv/$HOME', '--data /srv/$$HOME', 'ReadWritePaths=/srv/$HOME'],
    ['/srv/%h', '--data /srv/%%h', 'ReadWritePaths=/srv/%%h'],
    ['/srv/"a" \\', '--data "/srv/\\"a\\" \\\\"', 'ReadWritePaths="/srv/\\"a\\" \\\\"'],
    ["/srv/it's", '--data "/srv/it\'s"', 'ReadWritePaths="/srv/it\'s"'],
    ['/srv/a;b', '--data "/srv/a;b"', 'ReadWritePaths="/srv/a;b"'],
  ])('reaches the program through systemd unchanged: %s', (dataDir, word, setting) => {
    const [text = ''] = unitFiles({ ...installation, dataDir }).map((file) => file.text);
    expect(text).toContain(`${word}\n`);
    expect(text).toContain(`${setting}\n`);
  });

  test('is rejected if the command is too long for cron', () => {
    expect(() => lineLength(`/srv/${'x'.repeat(800)}`)).toThrow(/cron accepts commands of at most 998 bytes/);
    expect(lineLength(`/srv/${'x'.repeat(400)}`)).toBeLessThan(998);
  });

  function lineLength(dataDir: string): number {
    return Math.max(
      ...cronFile({ ...installation, dataDir }, '/usr/bin/setpriv')
        .text.split('\n')
        .map((line) => line.length),
    );
  }
});

describe('the units', () => {
  const [collect = '', timer = '', viewer = ''] = unitFiles(installation).map(({ text }) => text);

  test('give the collector only CAP_NET_ADMIN, and the viewer nothing', () => {
    expect(collect).toMatch(/^AmbientCapabilities=CAP_NET_ADMIN\nCapabilityBoundingSet=CAP_NET_ADMIN$/m);
    expect(viewer).toMatch(/^AmbientCapabilities=\nCapabilityBoundingSet=$/m);
    expect(viewer).toContain('serve --no-collect');
    expect(timer).toContain('OnCalendar=*:0/5\n');
  });

  test('let systemd read a file for the collector that only root may read, and start on kernels without it', () => {
    expect(collect).toMatch(
      /^LoadCredential=ip_vs_status:\/proc\/net\/ip_vs_status\nSetCredential=ip_vs_status:none$/m,
    );
    for (const text of [collect, viewer]) {
      expect(text).not.toMatch(/CAP_DAC|^SupplementaryGroups=|^Group=root$/m);
    }
    expect(viewer).not.toContain('Credential');
  });

  test('pass on references of drift that only root may read, if they stand alone and are small', () => {
    const put = (name: string, text: string, mode: number): string => {
      mkdirSync(join(root, 'etc'), { recursive: true });
      writeFileSync(join(root, name), text, { mode });
      return name;
    };
    const keepalived = put('/etc/keepalived.conf', 'global_defs {\n}\n', 0o600);
    const handed = handedFiles({ keepalived, golden: put('/etc/golden', '-A -t 192.0.2.1:80\n', 0o640) }, root);
    const [text = '', , other = ''] = unitFiles({ ...installation, handed }).map((file) => file.text);
    expect(text).toContain(
      'LoadCredential=drift-keepalived:/etc/keepalived.conf\nSetCredential=drift-keepalived:none\n' +
        'LoadCredential=drift-golden:/etc/golden\nSetCredential=drift-golden:none\n',
    );
    expect(other).not.toContain('Credential');
    for (const file of [
      put('/etc/open.conf', 'global_defs {\n}\n', 0o644),
      put('/etc/parts.conf', 'global_defs {\n}\n  include conf.d/*.conf\n', 0o600),
      put('/etc/large.conf', ' '.repeat(300_000), 0o600),
      put('/etc/50%.conf', 'global_defs {\n}\n', 0o600),
      '/etc/missing.conf',
    ])
      expect(handedFiles({ keepalived: file }, root), file).toEqual([]);
  });

  test.each([collect, viewer])('leave a real table readable and Node.js able to run', (text) => {
    expect(text).toMatch(/^RestrictAddressFamilies=.*AF_NETLINK/m);
    for (const setting of ['PrivateNetwork', 'PrivateUsers', 'MemoryDenyWriteExecute', 'ProcSubset']) {
      expect(text).not.toContain(setting);
    }
    expect(text).toMatch(/^User=lvs-stats$/m);
    expect(text).toMatch(/^NoNewPrivileges=yes$/m);
  });

  test('may write to a data folder elsewhere, whatever its name', () => {
    const [text = ''] = unitFiles({ ...installation, dataDir: '/srv/a 100% b' }).map((file) => file.text);
    expect(text).toContain('ReadWritePaths="/srv/a 100%% b"');
    expect(text).toContain('--data "/srv/a 100%% b"');
    expect(text).not.toContain('StateDirectory');
  });
});

describe('one of several directors', () => {
  const lb2 = {
    ...installation,
    title: 'lvs-stats-lb2',
    settings: '/etc/lvs-stats-lb2.yaml',
    dataDir: '/var/lib/lvs-stats-lb2',
  };

  test('has its own files, settings and data folder', () => {
    const files = [cronFile(lb2, '/usr/bin/setpriv'), ...unitFiles(lb2)];
    expect(files.map(({ path }) => path)).toEqual([
      '/etc/cron.d/lvs-stats-lb2',
      '/etc/systemd/system/lvs-stats-lb2-collect.service',
      '/etc/systemd/system/lvs-stats-lb2-collect.timer',
      '/etc/systemd/system/lvs-stats-lb2.service',
    ]);
    for (const { text } of files.filter(({ path }) => !path.endsWith('.timer'))) {
      expect(text).toContain('--config /etc/lvs-stats-lb2.yaml --data /var/lib/lvs-stats-lb2');
    }
    expect(files[0]?.text).toContain('"lvs-stats setup --cron --instance lb2"');
    expect(files[1]?.text).toContain('StateDirectory=lvs-stats-lb2\n');
  });

  test('starts and stops without the others', () => {
    expect(unitSteps(lb2).stop.map(formatStep)).toEqual([
      'systemctl disable --now lvs-stats-lb2-collect.timer lvs-stats-lb2.service',
    ]);
  });
});

describe('a step other than five minutes', () => {
  const cases: readonly (readonly [
    stepS: number,
    minutes: string,
    calendar: string,
    timeoutS: number,
    often: string,
  ])[] = [
    [60, '*', '*:0/1', 48, 'every minute'],
    [120, '*/2', '*:0/2', 96, 'every 2 minutes'],
    [600, '*/10', '*:0/10', 240, 'every 10 minutes'],
    [3600, '0', '*:00', 240, 'every hour'],
  ];

  test.each(cases)('of %i s is in the cron line and in the units', (stepS, minutes, calendar, timeoutS, often) => {
    const changed = { ...installation, stepS, retention: '1m:30d,1h:400d' };
    const cron = cronFile(changed, '/usr/bin/setpriv');
    expect(cron.text.split('\n').at(-2)).toMatch(
      / collect --data \/var\/lib\/lvs-stats --retention 1m:30d,1h:400d --quiet$/,
    );
    expect(cron.text.split('\n').at(-2)?.startsWith(`${minutes} * * * * root `)).toBe(true);
    expect(cron.purpose).toContain(often);
    const [collect = '', timer = '', viewer = ''] = unitFiles(changed).map(({ text }) => text);
    expect(collect).toContain(`--retention 1m:30d,1h:400d\nTimeoutStartSec=${timeoutS}\n`);
    expect(timer).toContain(`OnCalendar=${calendar}\n`);
    expect(viewer).not.toContain('--retention');
  });
});

describe('an existing file', () => {
  const path = cronPath(installation);
  const file = { path, text: signed('one\n', '1.0.0'), purpose: 'a line' };
  const place = (text = file.text, isForced = false, isDry = false) =>
    placeFiles([{ ...file, text }], { root, isForced, isDry }).map(({ outcome }) => outcome);
  const there = (): string => readFileSync(join(root, path), 'utf8');

  test("is recognised, and replaced by a newer version's", () => {
    expect(place(file.text, false, true)).toEqual(['written']);
    expect(existsSync(join(root, path))).toBe(false);
    expect(place()).toEqual(['written']);
    expect(place()).toEqual(['unchanged']);
    expect(place(signed('two\n', '1.1.0'))).toEqual(['replaced']);
    expect(authorOf(there())).toBe('setup');
  });

  test('is left alone if a person changed it; --force keeps it beside the new one', () => {
    place();
    writeFileSync(join(root, path), `${there()}mine\n`);
    expect(() => place()).toThrow(expect.objectContaining({ code: 'changed-by-hand' }));
    expect(removeFiles([path], { root, isDry: false })).toEqual([{ path, outcome: 'left' }]);
    expect(there()).toMatch(/mine\n$/);
    expect(place(file.text, true)).toEqual(['replaced']);
    expect(there()).toBe(file.text);
    expect(readFileSync(join(root, `${path}.orig`), 'utf8')).toMatch(/mine\n$/);
  });

  test('is removed if setup wrote it', () => {
    place();
    expect(removeFiles([path], { root, isDry: true })).toEqual([{ path, outcome: 'removed' }]);
    expect(existsSync(join(root, path))).toBe(true);
    removeFiles([path], { root, isDry: false });
    expect(removeFiles([path], { root, isDry: false })).toEqual([{ path, outcome: 'absent' }]);
  });
});

test('setup creates a missing user and folder, and nothing if they exist', () => {
  const steps = (): string[] => accountSteps(root, installation).map(formatStep);
  expect(steps()).toEqual([
    expect.stringMatching(/^useradd --system .* lvs-stats$/),
    'install -d -m 0750 -o lvs-stats -g lvs-stats /var/lib/lvs-stats',
  ]);
  mkdirSync(join(root, 'etc'));
  writeFileSync(join(root, 'etc/passwd'), 'root:x:0:0::/root:/bin/sh\nlvs-stats:x:998:998::/:/usr/sbin/nologin\n');
  expect(steps()).toHaveLength(1);
});

test('a folder that holds something else, or belongs to someone else, is no data folder', () => {
  const data = join(root, 'var/lib/lvs-stats');
  mkdirSync(join(data, 'archives'), { recursive: true });
  const steps = (): string[] => accountSteps(root, installation).map(formatStep);
  if (process.getuid?.() === 0) expect(steps().at(-1)).toBe('chown -R lvs-stats:lvs-stats /var/lib/lvs-stats');
  else expect(steps).toThrow(/it belongs to user \d+/);
  mkdirSync(join(data, 'etc'));
  expect(steps).toThrow(expect.objectContaining({ code: 'not-ours' }));
});

test('a program that others cannot reach is rejected, with the name of the closed folder', () => {
  // A temporary folder of this user is closed to others.
  writeFileSync(join(root, 'node'), '');
  expect(() => requireReach(join(root, 'node'), 'lvs-stats')).toThrow(
    expect.objectContaining({ code: 'out-of-reach', message: expect.stringContaining(`since ${root} is closed`) }),
  );
  expect(() => requireReach('/usr/bin/env', 'lvs-stats')).not.toThrow();
});

test.each(['/tmp/lvs-stats/bin/lvs-stats', '/home/me/node', '/root/.nvm/node', '/var/tmp'])(
  'units are rejected for %s, which they would not see',
  (path) => {
    expect(() => requireSeen(path)).toThrow(/cannot be seen by the units/);
  },
);

test.each(['/usr/local/lib/node', '/var/lib/lvs-stats', '/tmpfs/x', '/opt/root/x'])('units can run %s', (path) => {
  expect(() => requireSeen(path)).not.toThrow();
});

describe('the reader', () => {
  const files = unitFiles({ ...installation, reader: '/usr/sbin/ipvsadm' });
  const textOf = (name: string) => files.find(({ path }) => path.endsWith(name))?.text ?? '';

  test('is a socket for the user of the viewer alone, and a service that runs two fixed commands', () => {
    expect(textOf('lvs-stats-reader.socket')).toMatch(/^ListenStream=\/run\/lvs-stats-reader\.sock$/m);
    expect(textOf('lvs-stats-reader.socket')).toMatch(/^SocketUser=lvs-stats\nSocketMode=0600$/m);
    const service = textOf('lvs-stats-reader@.service');
    expect(service.match(/^ExecStart=.*$/gm)).toEqual([
      'ExecStart=/usr/sbin/ipvsadm -L -n --stats --exact',
      'ExecStart=/usr/sbin/ipvsadm -L -n',
    ]);
    expect(service).toMatch(/^CapabilityBoundingSet=CAP_NET_ADMIN$/m);
    expect(unitSteps({ ...installation, reader: '/usr/sbin/ipvsadm' }).start[1]).toContain('lvs-stats-reader.socket');
  });

  test('is there on request only', () => {
    expect(unitFiles(installation).some(({ path }) => path.includes('reader'))).toBe(false);
    expect(unitSteps(installation).start[1]).not.toContain('lvs-stats-reader.socket');
  });
});
