// The real servers that probes meet, as children in a temporary folder, on loopback ports of their own, with and without TLS. None is a service of the
// system, none is a daemon, and all are ended by their process id.

import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { chmodSync, chownSync, existsSync, mkdirSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { ProbeKind } from '../../../src/agent/peers/application.js';
import { makeCertificate } from '../../collect/haproxy/certificates.js';
import { until } from '../../until.js';
import { freePort } from '../engine.js';

/** A server that runs. */
export interface RunningServer {
  readonly kind: ProbeKind;
  readonly port: number;
  /** The port with TLS; the same one if the protocol begins it. */
  readonly tlsPort: number;
  readonly path?: string;
  /** Its log so far. */
  readonly log: () => string;
  readonly signal: (name: NodeJS.Signals) => void;
  readonly stop: () => Promise<void>;
}

interface Start {
  readonly program: string;
  readonly args: readonly string[];
  readonly env?: Readonly<Record<string, string>>;
  readonly user?: string;
}

interface Child {
  readonly log: () => string;
  readonly signal: (name: NodeJS.Signals) => void;
  readonly stop: () => Promise<void>;
  readonly untilSays: (text: string) => Promise<void>;
}

const isRoot = process.getuid?.() === 0;

/** The ids of a user of the system; none unless we are root, who may become another. */
function idsOf(user: string | undefined): { readonly uid?: number; readonly gid?: number } {
  if (user === undefined || !isRoot) return {};
  const id = (flag: string): number => Number(execFileSync('id', [flag, user], { encoding: 'utf8' }));
  return { uid: id('-u'), gid: id('-g') };
}

function startChild({ program, args, env = {}, user }: Start): Child {
  const child: ChildProcess = spawn(program, args, {
    stdio: ['ignore', 'pipe', 'pipe'],
    env: { ...process.env, ...env },
    ...idsOf(user),
  });
  let said = '';
  for (const stream of [child.stdout, child.stderr]) {
    stream?.setEncoding('utf8').on('data', (text: string) => {
      said += text;
    });
  }
  const ended = new Promise<void>((resolve) => child.once('close', () => resolve()));
  return {
    log: () => said,
    signal: (name) => void child.kill(name),
    stop: async () => {
      child.kill('SIGCONT');
      child.kill('SIGKILL');
      await ended;
    },
    untilSays: (text) =>
      until(`${program} says "${text}"`, () => {
        if (child.exitCode !== null) throw new Error(`${program} ended: ${said.slice(-2000)}`);
        return said.includes(text);
      }),
  };
}

/** Starts nginx, which says at `/` that all is well, and that nothing works behind `/broken`. */
export async function startNginx(folder: string): Promise<RunningServer> {
  const [port, tlsPort] = [await freePort(), await freePort()];
  const { certFile, keyFile } = makeCertificate({ folder, name: 'nginx' });
  const config = join(folder, 'nginx.conf');
  const temporary = ['client_body', 'proxy', 'fastcgi', 'uwsgi', 'scgi'];
  writeFileSync(
    config,
    `daemon off;
master_process off;
pid ${folder}/nginx.pid;
error_log stderr info;
events {}
http {
  access_log ${folder}/access.log;
  ${temporary.map((name) => `${name}_temp_path ${folder}/${name};`).join(' ')}
  ssl_certificate ${certFile};
  ssl_certificate_key ${keyFile};
  server {
    listen 127.0.0.1:${port};
    listen 127.0.0.1:${tlsPort} ssl;
    location / { return 200 "fine"; }
    location /broken { return 503; }
  }
}
`,
  );
  const child = startChild({ program: 'nginx', args: ['-c', config] });
  const answers = async (): Promise<boolean> => (await fetch(`http://127.0.0.1:${port}/`)).ok;
  await until('nginx answers', answers);
  return { kind: 'http', port, tlsPort, ...child };
}

/** Starts Redis with a short queue of connections. */
export async function startRedis(folder: string, ...more: readonly string[]): Promise<RunningServer> {
  const [port, tlsPort] = [await freePort(), await freePort()];
  const { certFile, keyFile } = makeCertificate({ folder, name: 'redis' });
  const tls = [
    '--tls-port',
    `${tlsPort}`,
    '--tls-cert-file',
    certFile,
    '--tls-key-file',
    keyFile,
    '--tls-auth-clients',
    'no',
  ];
  const args = [
    '--port',
    `${port}`,
    '--bind',
    '127.0.0.1',
    '--save',
    '',
    '--dir',
    folder,
    '--tcp-backlog',
    '2',
    ...tls,
  ];
  const child = startChild({ program: 'redis-server', args: [...args, '--tls-ca-cert-file', certFile, ...more] });
  await child.untilSays('Ready to accept connections');
  return { kind: 'redis', port, tlsPort, ...child };
}

/** Starts MariaDB with a queue of connections that is longer than the errors that it allows. `sql` runs as root. */
export async function startMariadb(
  folder: string,
): Promise<RunningServer & { readonly sql: (text: string) => string }> {
  const [port, data, socket] = [await freePort(), join(folder, 'mariadb'), join(folder, 'mariadb.sock')];
  const { certFile, keyFile } = makeCertificate({ folder, name: 'mariadb' });
  const own = isRoot ? ['--user=root'] : [];
  const made = [
    '--no-defaults',
    `--datadir=${data}`,
    '--auth-root-authentication-method=normal',
    '--skip-test-db',
    ...own,
  ];
  execFileSync('mariadb-install-db', made, { stdio: 'ignore' });
  const queue = ['--max-connections=600', '--back-log=300', '--performance-schema=on'];
  const tls = [`--ssl-cert=${certFile}`, `--ssl-key=${keyFile}`];
  const place = [`--datadir=${data}`, `--port=${port}`, `--socket=${socket}`, '--bind-address=127.0.0.1'];
  const child = startChild({
    program: 'mariadbd',
    args: ['--no-defaults', ...own, ...place, ...queue, ...tls],
    // It looks up the names of its clients.
    env: { RES_OPTIONS: 'timeout:1 attempts:1' },
  });
  await child.untilSays('ready for connections');
  const sql = (text: string): string =>
    execFileSync('mariadb', ['--no-defaults', '-u', 'root', '-S', socket, '-N', '-e', text], {
      encoding: 'utf8',
    }).trim();
  return { kind: 'mysql', port, tlsPort: port, ...child, sql };
}

/** The folder of PostgreSQL's programs; null if it is not installed. */
export function postgresPrograms(): string | null {
  const root = '/usr/lib/postgresql';
  const [version] = existsSync(root) ? readdirSync(root).sort().reverse() : [];
  return version === undefined ? null : join(root, version, 'bin');
}

/** Starts PostgreSQL, which refuses to be root. Its rules admit the user `app` to the database `app`, with a password, and nobody else. */
export async function startPostgresql(
  folder: string,
  { hasTls = true }: { readonly hasTls?: boolean } = {},
): Promise<RunningServer> {
  const name = hasTls ? 'postgresql' : 'postgresql-plain';
  const [port, programs, own] = [await freePort(), postgresPrograms() ?? '', join(folder, name)];
  mkdirSync(own);
  const { certFile, keyFile } = makeCertificate({ folder: own, name: 'postgresql' });
  const { uid, gid } = idsOf('postgres');
  chmodSync(keyFile, 0o600);
  chmodSync(folder, 0o711);
  writeFileSync(join(own, 'password'), 'secret\n');
  if (uid !== undefined && gid !== undefined)
    for (const path of [own, certFile, keyFile, join(own, 'password')]) chownSync(path, uid, gid);
  const data = join(own, 'data');
  const made = ['-D', data, '-A', 'scram-sha-256', `--pwfile=${join(own, 'password')}`, '-U', 'postgres', '-N'];
  execFileSync(join(programs, 'initdb'), made, { stdio: 'ignore', ...idsOf('postgres') });
  writeFileSync(join(data, 'pg_hba.conf'), 'host app app 127.0.0.1/32 scram-sha-256\n');
  const tls = ['-c', 'ssl=on', '-c', `ssl_cert_file=${certFile}`, '-c', `ssl_key_file=${keyFile}`];
  const child = startChild({
    program: join(programs, 'postgres'),
    args: ['-D', data, '-p', `${port}`, '-h', '127.0.0.1', '-k', own, ...(hasTls ? tls : [])],
    user: 'postgres',
  });
  await child.untilSays('ready to accept connections');
  return { kind: 'postgresql', port, tlsPort: port, ...child };
}

/** Starts RabbitMQ with STOMP over WebSocket: two servers, which end together. */
export async function startRabbitmq(folder: string): Promise<readonly [amqp: RunningServer, websocket: RunningServer]> {
  const [port, tlsPort, webPort, webTlsPort] = [await freePort(), await freePort(), await freePort(), await freePort()];
  const [epmdPort, distPort, stompPort] = [`${await freePort()}`, `${await freePort()}`, await freePort()];
  const { certFile, keyFile } = makeCertificate({ folder, name: 'rabbitmq' });
  const lines = [
    `listeners.tcp.1 = 127.0.0.1:${port}`,
    `listeners.ssl.1 = 127.0.0.1:${tlsPort}`,
    ...['', 'web_stomp.'].flatMap((of) => [
      `${of === '' ? 'ssl_options' : `${of}ssl`}.certfile = ${certFile}`,
      `${of === '' ? 'ssl_options' : `${of}ssl`}.keyfile = ${keyFile}`,
    ]),
    `web_stomp.ssl.port = ${webTlsPort}`,
    'web_stomp.ssl.ip = 127.0.0.1',
    `web_stomp.tcp.port = ${webPort}`,
    'web_stomp.tcp.ip = 127.0.0.1',
    `stomp.listeners.tcp.1 = 127.0.0.1:${stompPort}`,
    'log.console = true',
    'log.file = false',
  ];
  const [config, plugins] = [join(folder, 'rabbitmq.conf'), join(folder, 'plugins')];
  writeFileSync(config, `${lines.join('\n')}\n`);
  writeFileSync(plugins, '[rabbitmq_web_stomp].\n');
  // Erlang would leave a name server of its own behind.
  const epmd = startChild({ program: 'epmd', args: ['-port', epmdPort, '-address', '127.0.0.1'] });
  const child = startChild({
    program: '/usr/lib/rabbitmq/bin/rabbitmq-server',
    args: [],
    env: {
      HOME: folder,
      ERL_EPMD_PORT: epmdPort,
      ERL_EPMD_ADDRESS: '127.0.0.1',
      RABBITMQ_NODENAME: 'probed@localhost',
      RABBITMQ_DIST_PORT: distPort,
      RABBITMQ_MNESIA_BASE: join(folder, 'mnesia'),
      RABBITMQ_LOG_BASE: join(folder, 'log'),
      RABBITMQ_CONFIG_FILE: config,
      RABBITMQ_ENABLED_PLUGINS_FILE: plugins,
      RABBITMQ_CONF_ENV_FILE: '/dev/null',
      // So that the script becomes the server, instead of its parent.
      RUNNING_UNDER_SYSTEMD: 'true',
    },
  });
  await child.untilSays('Server startup complete');
  const stop = async (): Promise<void> => {
    await child.stop();
    await epmd.stop();
  };
  return [
    { kind: 'amqp', port, tlsPort, ...child, stop },
    { kind: 'websocket', port: webPort, tlsPort: webTlsPort, path: '/ws', ...child, stop: async () => {} },
  ];
}
