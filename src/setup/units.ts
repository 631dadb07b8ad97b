// systemd units: a timer and a service that collects with CAP_NET_ADMIN alone, and a viewer without any capability. Hardened as far as a
// real table stays readable: no private network or user namespace (the table is in the host's), netlink allowed (ipvsadm uses it), and
// memory may be both written and executed (Node.js compiles). Only root may read one file, the status of Linux 7's connection table;
// systemd passes it to the collector at each start. See systemd.exec(5), systemd.timer(5).

import { readerSocket, statusFile } from '../model/installed-paths.js';
import { argumentsOf, collectWords, everyStep, type Installation, type PlannedFile } from './installation.js';
import { signed } from './signature.js';
import { sandbox, unitCommand, unitPath, unitWord } from './unit-words.js';

/** The folder of the administrator's units. */
const unitFolder = '/etc/systemd/system';

/** The units to start; the timer starts the collecting service. */
export function startedUnits({ title, reader }: Pick<Installation, 'title' | 'reader'>): readonly string[] {
  return [`${title}-collect.timer`, `${title}.service`, ...(reader === null ? [] : [`${title}-reader.socket`])];
}

/** The units. */
export function unitFiles(installation: Installation): readonly PlannedFile[] {
  const { title, user, version, reader } = installation;
  const file = (name: string, text: string, purpose: string): PlannedFile => ({
    path: `${unitFolder}/${name}`,
    text: signed(text, version),
    purpose,
  });
  return [
    file(
      `${title}-collect.service`,
      collectService(installation),
      `one cycle, as user ${user} with CAP_NET_ADMIN only`,
    ),
    file(`${title}-collect.timer`, collectTimer(installation), `a cycle ${everyStep(installation.stepS)}`),
    file(`${title}.service`, viewerService(installation), `the viewer, as user ${user} without any capability`),
    ...(reader === null
      ? []
      : [
          file(`${title}-reader.socket`, readerSocketUnit(user), 'the socket on which the viewer reads the table'),
          file(
            `${title}-reader@.service`,
            readerService(installation, reader),
            `two listings of the table, as user ${user} with CAP_NET_ADMIN only`,
          ),
        ]),
  ];
}

function collectTimer({ stepS }: Installation): string {
  return `[Unit]
Description=Read the table of ip_vs ${everyStep(stepS)}

[Timer]
OnCalendar=${stepS === 3600 ? '*:00' : `*:0/${stepS / 60}`}
AccuracySec=1s

[Install]
WantedBy=timers.target
`;
}

/** The placeholder credential is for kernels without the file to load: a unit does not start without one of the two. */
function collectService(installation: Installation): string {
  return `[Unit]
Description=Keep what ip_vs counts

[Service]
Type=oneshot
ExecStart=${commandLine(installation, collectWords(installation))}
TimeoutStartSec=${Math.min(240, 0.8 * installation.stepS)}
AmbientCapabilities=CAP_NET_ADMIN
CapabilityBoundingSet=CAP_NET_ADMIN
LoadCredential=${statusFile}:/proc/net/${statusFile}
SetCredential=${statusFile}:none
${handedLines(installation)}RestrictAddressFamilies=AF_UNIX AF_NETLINK AF_INET AF_INET6
${hardening(installation)}`;
}

/** The files may be gone at some start. */
function handedLines({ handed }: Installation): string {
  return handed
    .map(({ credential, file }) => `LoadCredential=${credential}:${file}\nSetCredential=${credential}:none\n`)
    .join('');
}

function viewerService(installation: Installation): string {
  return `[Unit]
Description=Pages of what ip_vs counted
After=network.target

[Service]
ExecStart=${commandLine(installation, ['serve', '--no-collect', ...argumentsOf(installation)])}
Restart=on-failure
RestartSec=5
AmbientCapabilities=
CapabilityBoundingSet=
RestrictAddressFamilies=AF_UNIX AF_NETLINK AF_INET AF_INET6
${hardening(installation)}
[Install]
WantedBy=multi-user.target
`;
}

/** A connection starts the service once; more than two at a time are refused. */
function readerSocketUnit(user: string): string {
  return `[Unit]
Description=Socket for reading the table of ip_vs

[Socket]
ListenStream=${readerSocket}
SocketUser=${user}
SocketMode=0600
Accept=yes
MaxConnections=2

[Install]
WantedBy=sockets.target
`;
}

/** The commands are fixed, and nothing that comes through the socket is read. */
function readerService(installation: Installation, ipvsadm: string): string {
  return `[Unit]
Description=Print the table of ip_vs
ConditionPathExists=/proc/net/ip_vs
CollectMode=inactive-or-failed

[Service]
Type=oneshot
ExecStart=${unitWord(ipvsadm)} -L -n --stats --exact
ExecStart=${unitWord(ipvsadm)} -L -n
StandardInput=null
StandardOutput=socket
StandardError=journal
TimeoutStartSec=10
AmbientCapabilities=CAP_NET_ADMIN
CapabilityBoundingSet=CAP_NET_ADMIN
RestrictAddressFamilies=AF_UNIX AF_NETLINK AF_INET AF_INET6
${hardening(installation)}`;
}

function hardening({ title, user, dataDir }: Installation): string {
  const folder = dataDir === `/var/lib/${title}` ? `StateDirectory=${title}\nStateDirectoryMode=0750` : '';
  return `User=${user}
Group=${user}
${folder || `ReadWritePaths=${unitPath(dataDir)}`}
${sandbox}SystemCallErrorNumber=EPERM
`;
}

function commandLine({ node, program }: Installation, args: readonly string[]): string {
  return unitCommand([node, program, ...args]);
}
