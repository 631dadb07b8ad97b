// A real Nagios runs `lvs-stats status --format nagios`: it takes the state from the exit code and splits the performance data from the text,
// as Icinga does, which parses plugins alike.

import { spawn } from 'node:child_process';
import { chmodSync, chownSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { printingStep } from '../commands/fakes.js';
import { environment, run } from '../commands/program.js';
import { until } from '../until.js';
import { hasProgram } from './engine.js';

const program = resolve(import.meta.dirname, '../../bin/lvs-stats');

/** A service of Nagios, and the data folder that it checks. */
interface Checked {
  readonly service: string;
  readonly data: string;
}

/** The state files and objects of Nagios below a folder; it checks each service at once, then every minute. */
function configure(folder: string, services: readonly Checked[]): string {
  const { PATH = '', LVS_STATS_PATIENCE = '' } = environment();
  const commands = services.map(({ service, data }) => {
    const line = `/usr/bin/env -i PATH=${PATH} LVS_STATS_PATIENCE=${LVS_STATS_PATIENCE} ${process.execPath} ${program} status --format nagios --data ${data}`;
    return `define command {
  command_name check_${service}
  command_line ${line}
}
define service {
  host_name lb1
  service_description ${service}
  check_command check_${service}
  use usual
}
`;
  });
  writeFileSync(
    join(folder, 'objects.cfg'),
    `define timeperiod {
  timeperiod_name always
  alias always
  sunday 00:00-24:00
  monday 00:00-24:00
  tuesday 00:00-24:00
  wednesday 00:00-24:00
  thursday 00:00-24:00
  friday 00:00-24:00
  saturday 00:00-24:00
}
define command {
  command_name notify
  command_line /bin/true
}
define contact {
  contact_name nobody
  host_notification_period always
  service_notification_period always
  host_notification_options n
  service_notification_options n
  host_notification_commands notify
  service_notification_commands notify
}
define host {
  host_name lb1
  address 127.0.0.1
  max_check_attempts 1
  check_period always
  contacts nobody
  notification_period always
}
define service {
  name usual
  register 0
  max_check_attempts 1
  check_interval 1
  retry_interval 1
  check_period always
  contacts nobody
  notification_period always
}
${commands.join('')}`,
  );
  const config = join(folder, 'nagios.cfg');
  const isRoot = process.getuid?.() === 0;
  const values = {
    log_file: join(folder, 'nagios.log'),
    cfg_file: join(folder, 'objects.cfg'),
    object_cache_file: join(folder, 'objects.cache'),
    status_file: join(folder, 'status.dat'),
    status_update_interval: 1,
    temp_file: join(folder, 'nagios.tmp'),
    temp_path: folder,
    check_result_path: join(folder, 'results'),
    lock_file: join(folder, 'nagios.lock'),
    state_retention_file: join(folder, 'retention.dat'),
    query_socket: join(folder, 'nagios.qh'),
    check_external_commands: 0,
    service_inter_check_delay_method: 'n',
    max_service_check_spread: 1,
    service_check_timeout: 1200,
    ...(isRoot ? { nagios_user: 'nobody', nagios_group: 'nogroup' } : {}),
  };
  writeFileSync(
    config,
    Object.entries(values)
      .map(([name, value]) => `${name}=${value}\n`)
      .join(''),
  );
  return config;
}

/** The state of a service in Nagios; null before its first check. */
function statusOf(folder: string, service: string): Readonly<Record<string, string>> | null {
  const blocks = readFileSync(join(folder, 'status.dat'), 'utf8').matchAll(/^servicestatus \{\n([\s\S]*?)^\s*\}/gm);
  for (const [, block = ''] of blocks) {
    const values = Object.fromEntries([...block.matchAll(/^\t(\w+)=(.*)$/gm)].map(([, name, value]) => [name, value]));
    if (values['service_description'] === service) return values['has_been_checked'] === '1' ? values : null;
  }
  return null;
}

describe.skipIf(!hasProgram('nagios4'))('Nagios (skipped without it)', () => {
  let folder: string;
  let engine: ReturnType<typeof spawn> | null = null;
  let ended: Promise<void> = Promise.resolve();

  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), 'lvs-stats-nagios-'));
    chmodSync(folder, 0o755);
    const data = (name: string): string => join(folder, name);
    const good = await run([
      'collect',
      '--no-pictures',
      '--data',
      data('good'),
      '--ipvsadm',
      printingStep('sequence/003-traffic'),
    ]);
    expect(good.status).toBe(0);
    await run(['collect', '--no-pictures', '--data', data('bad'), '--ipvsadm', '/nonexistent/ipvsadm']);
    mkdirSync(data('results'));
    const config = configure(folder, [
      { service: 'good', data: data('good') },
      { service: 'bad', data: data('bad') },
      { service: 'missing', data: data('missing') },
    ]);
    // Nagios drops root's rights, and then writes here.
    if (process.getuid?.() === 0) for (const path of [folder, data('results')]) chownSync(path, 65_534, 65_534);
    engine = spawn('nagios4', [config], { stdio: 'ignore' });
    ended = new Promise((done) => engine?.once('close', () => done()));
    const failed = ended.then(() => {
      throw new Error(`Nagios ended: ${readFileSync(join(folder, 'nagios.log'), 'utf8')}`);
    });
    const checked = until('Nagios has checked everything', () =>
      ['good', 'bad', 'missing'].every((service) => statusOf(folder, service) !== null),
    );
    failed.catch(() => {});
    await Promise.race([checked, failed]);
  });

  afterAll(async () => {
    engine?.kill();
    await ended;
    rmSync(folder, { recursive: true, force: true });
  });

  test.each<readonly [service: string, state: string, text: RegExp, data: RegExp]>([
    [
      'good',
      '0',
      /^LVS OK: \d+ services looked at/,
      /^critical=0;;0;0 warning=0;0;;0 notice=0;;;0 silenced=0;;;0 services=\d+;;;0 age=\d+s;;;0$/,
    ],
    ['bad', '2', /^LVS CRITICAL: .*collecting fails/, /^critical=1;;0;0 warning=0;0;;0 .* age=U$/],
    ['missing', '3', /stderr: lvs-stats: there are no archives in /, /^$/],
  ])('knows the state and the performance data of a service that is %s', (service, state, text, data) => {
    const known = statusOf(folder, service);
    expect(known?.['current_state']).toBe(state);
    expect(known?.['plugin_output']).toMatch(text);
    expect(known?.['plugin_output']).not.toContain('|');
    expect(known?.['performance_data']).toMatch(data);
  });
});
