// `lvs-stats serve`: the viewer, with the collecting schedule inside. Code that only a server needs is loaded when one starts: without it
// other commands start in half of the time, and open fewer files.

import { hostname } from 'node:os';
import { type Command, Option } from 'commander';
import { addDriftOptions, type DriftOptions } from '../cli/drift/drift-options.js';
import { untilSignal } from '../cli/ending.js';
import { type AgentsOptions, type AgentsRequest, addAgentsOptions, agentsOf } from '../cli/options/agents-options.js';
import { type DataFolder, refuseOthers, repeatData } from '../cli/options/fleet-options.js';
import { addServeFromOptions, enginePlaceOf, type FromOptions } from '../cli/options/from-options.js';
import { addPushToOptions, type PushToOptions, pushReceiverOf } from '../cli/options/push-options.js';
import { retentionOption, withChosen } from '../cli/options/retention-option.js';
import { accessOf, addressOf, addViewerOptions, type ViewerOptions } from '../cli/options/viewer-options.js';
import { workAsOwner, workAsOwnerOfAll } from '../cli/owner.js';
import { addPolicyOption, followPolicy, reportedPolicy } from '../cli/policy/policy-file.js';
import { addCommand, addLogFormat, haproxyCaOption, haproxyOption } from '../cli/settings.js';
import type { Serially } from '../cycle/live/serially.js';
import type { PageOptions } from '../cycle/served/page-targets.js';
import type { MapGround, RunningMap } from '../cycle/served/serve-map.js';
import type { ServedLinks } from '../cycle/served/served-links.js';
import type { ServedPush, ServedPushGround } from '../cycle/served/served-push.js';
import { demonstrationHosts } from '../demonstration/demonstration.js';
import { type PolicyState, withoutLogins } from '../model/policy/policy.js';
import type { Retention } from '../model/retention.js';
import { UserError } from '../model/user-error.js';
import { type Keeper, openKeeper } from '../store/shared/keeper.js';

interface ServeOptions extends ViewerOptions, DriftOptions, PageOptions, AgentsOptions, PushToOptions, FromOptions {
  readonly collect: boolean;
  readonly ipvsadm?: string;
  readonly haproxy?: string;
  readonly haproxyCa?: string;
  readonly retention?: Retention;
  readonly policy?: string;
  readonly mapAdd?: string;
  readonly director: string;
}

const help = `
By default it listens on the loopback interface only. To listen elsewhere, use --auth FILE, a file of users and passwords written
by "htpasswd -B" (package apache2-utils), or --no-auth, which admits everyone.

Without a password, the viewer answers only to addresses, localhost, the name of this machine, and names added with --host; otherwise
another site could read its pages. --proxy names the proxies whose X-Forwarded-For is trusted.

Collecting needs root or CAP_NET_ADMIN. With --no-collect it needs no privilege, and cron collects:
  */5 * * * *  root  /opt/lvs-stats/bin/lvs-stats collect --quiet

Examples:
  lvs-stats serve
  lvs-stats serve --no-collect --listen 0.0.0.0:8080 --auth /etc/lvs-stats.htpasswd
  lvs-stats serve --ipvsadm 'ssh lb1 sudo ipvsadm' --director lb1 --data /var/lib/lvs-stats/lb1
  lvs-stats serve --agents /etc/lvs-stats/agents.secret --agents-listen 10.1.0.5:8081 --agents-cert c.pem --agents-key k.pem
  lvs-stats serve --base-path /lvs            behind "location /lvs/ { proxy_pass http://127.0.0.1:8080; }"
  lvs-stats serve --data /var/lib/lvs-stats/lb1 --data /var/lib/lvs-stats/lb2       both as a fleet; cron collects
  lvs-stats serve --from http://metrics.example.com:8428      all directors that push there, as a fleet
  lvs-stats serve --alertmanager http://127.0.0.1:9093        pages go to Alertmanager; mail: of the policy sends mails
  lvs-stats serve --host stats.example.com --proxy 127.0.0.1      behind a proxy that has that name`;

/** Adds the command. */
export function addServe(program: Command): void {
  const command = addCommand(program, 'serve', {
    group: 'Look',
    description: 'Serves the web viewer, and collects every five minutes.',
  });
  const folders = repeatData(command);
  addServeFromOptions(
    addPushToOptions(addAgentsOptions(addDriftOptions(addPolicyOption(addLogFormat(addViewerOptions(command)))))),
  )
    .option('--no-collect', 'serve only; something else collects')
    .option('--ipvsadm <command>', 'run this instead of ipvsadm')
    .addOption(haproxyOption())
    .addOption(haproxyCaOption())
    .addOption(retentionOption())
    .addOption(
      new Option('--director <name>', 'name of the director on pages and reports').default(
        hostname(),
        "this machine's name",
      ),
    )
    .option('--map-add <file>', 'further nodes and edges of the map, in YAML or JSON')
    .option('--on-finding <command>', 'run this with each page as JSON on its standard input')
    .addOption(alertmanagerOption())
    .option('--heartbeat <url>', 'ask for this address after each good cycle')
    .addHelpText('after', help)
    .action((options: ServeOptions) => {
      if (options.from !== undefined || options.fromDirector !== undefined) return serveEngine(options, command);
      return folders().length > 0 ? serveFleet(options, folders()) : serve(options);
    });
}

/** The URLs are checked later, since an error here would show a password. */
function alertmanagerOption(): Option {
  const append = (urls: string, before: readonly string[] = []): readonly string[] => [...before, ...urls.split(/\s+/)];
  return new Option('--alertmanager <url>', 'send pages to this Alertmanager (repeatable)').argParser(append);
}

/** The options that an engine admits. */
const withEngine = ['from', 'fromDirector', 'fromLogin', 'fromCa', 'data', 'collect'];
const withViewer = ['listen', 'auth', 'basePath', 'host', 'proxy', 'policy', 'logFormat'];

/** Shows one director, or all, whose rows are in an engine. */
async function serveEngine(options: ServeOptions, command: Command): Promise<void> {
  const address = addressOf(options);
  const access = await accessOf(options);
  refuseOthers(
    command,
    [...withEngine, ...withViewer],
    'with --from: rows are only shown, and their directors collect',
  );
  const place = enginePlaceOf(options, process.env);
  if (place === null) return;
  const ending = untilSignal();
  const { showEngineUntilSignal } = await import('../cycle/engine/engine-process.js');
  await showEngineUntilSignal({
    engine: place.address,
    director: options.fromDirector ?? null,
    dataDir: options.data,
    address,
    basePath: options.basePath,
    access,
    policy: await policyOf(options),
    ending,
  });
}

/** Shows several data folders. */
async function serveFleet(options: ServeOptions, folders: readonly DataFolder[]): Promise<void> {
  const address = addressOf(options);
  const access = await accessOf(options);
  const ending = untilSignal();
  workAsOwnerOfAll(folders.map(({ dataDir }) => dataDir));
  const { showFleetUntilSignal } = await import('../cycle/served/fleet-process.js');
  const policy = await policyOf(options);
  await showFleetUntilSignal({ folders, address, basePath: options.basePath, access, policy, ending });
}

async function serve(options: ServeOptions): Promise<void> {
  const { data, collect, retention, director } = options;
  const address = addressOf(options);
  const access = await accessOf(options);
  const agents = await agentsOf(options);
  const receiver = pushReceiverOf(options);
  if (collect && demonstrationHosts(data) !== null) {
    throw new UserError(
      'demonstration',
      `${data} holds a demonstration: show it with "lvs-stats demo" or --no-collect, or name another with --data DIR`,
    );
  }
  const { parsePageOptions } = await import('../cycle/served/page-targets.js');
  const targets = parsePageOptions(options);
  const ending = untilSignal();
  const owner = workAsOwner(data);
  const { schedule } = await import('../cycle/schedule.js');
  const { servedCycles } = await import('../cycle/served/served-cycles.js');
  const { servePages } = await import('../cycle/served/served-pages.js');
  const { showUntilSignal } = await import('../cycle/served/viewer-process.js');
  const policy = await policyOf(options);
  let links: ServedLinks | null = null;
  let map: RunningMap | null = null;
  let push: ServedPush | null = null;
  const keeper = await openKeeper(data, {
    policy: () => withoutLogins(policy()),
    links: (part) => links?.view(part) ?? null,
    linkCounts: (known) => links?.counts(known) ?? null,
    fleet: () => links?.fleet() ?? null,
  });
  const cycles = await servedCycles(options, { keeper, owner, policy });
  try {
    withChosen(await keeper.archives.latest(), retention);
    links = agents && (await startLinks({ ...agents, dataDir: data, keeper, policy, inTurn: cycles.inTurn }));
    map = await startMap(options, { keeper, policy, inTurn: cycles.inTurn, fleet: () => links?.fleet() ?? null });
    push = receiver && (await startPush({ dataDir: data, keeper, address: receiver, director, inTurn: cycles.inTurn }));
  } catch (error) {
    map?.stop();
    await links?.stop();
    await keeper.close();
    throw error;
  }
  await showUntilSignal({
    dataDir: data,
    keeper,
    address,
    basePath: options.basePath,
    access,
    director,
    policy,
    readLive: cycles.readLive,
    inTurn: cycles.inTurn,
    ownCycle: cycles.newest,
    links,
    map,
    push,
    ending,
    collect: collect ? (state) => schedule(cycles.request(state)) : null,
    page: (state) => {
      const watched = links?.watched ?? null;
      const pushes = push?.states ?? null;
      return servePages({
        dataDir: data,
        keeper,
        policy,
        targets,
        state,
        links: watched,
        pushes,
        inTurn: cycles.inTurn,
      });
    },
  });
}

async function policyOf({ policy: file }: Pick<ServeOptions, 'policy'>): Promise<() => PolicyState> {
  const policy = reportedPolicy(await followPolicy(file, () => Date.now() / 1000));
  policy();
  return policy;
}

interface LinksRequest extends AgentsRequest {
  readonly dataDir: string;
  readonly keeper: Keeper;
  readonly policy: () => PolicyState;
  readonly inTurn: Serially;
}

async function startLinks({ keeper, policy, ...request }: LinksRequest): Promise<ServedLinks> {
  const { serveLinks } = await import('../cycle/served/served-links.js');
  return serveLinks({ ...request, policy: () => policy().policy, known: () => keeper.archives.latest() });
}

async function startPush(ground: ServedPushGround): Promise<ServedPush> {
  const { servePush } = await import('../cycle/served/served-push.js');
  return servePush(ground);
}

async function startMap(
  { data, mapAdd }: Pick<ServeOptions, 'data' | 'mapAdd'>,
  { keeper, policy, ...ground }: Pick<LinksRequest, 'keeper' | 'policy' | 'inTurn'> & Pick<MapGround, 'fleet'>,
): Promise<RunningMap> {
  const { serveMap } = await import('../cycle/served/serve-map.js');
  const request = { dataDir: data, known: () => keeper.archives.latest(), policy: () => policy().policy, ...ground };
  if (mapAdd === undefined) return serveMap(request);
  const { readAdded } = await import('../cli/map/added-file.js');
  readAdded(mapAdd);
  return serveMap({ ...request, added: () => readAdded(mapAdd) });
}
