// The messages between agents and the server: the list of links to watch, and the report about a round. These are the bodies of `/api/v1/agents`.

/** The links that an agent is to watch. */
export interface LinkList {
  readonly agent: string;
  /** Length of a round, seconds. */
  readonly everyS: number;
  /** Second of the epoch, modulo a round, at which its rounds begin. */
  readonly phaseS: number;
  /** Pings over each link in a round. */
  readonly probes: number;
  /** Seconds from the first ping to the end of the round's probing. */
  readonly spreadS: number;
  /** Targets as texts (target.ts). */
  readonly links: readonly { readonly to: string }[];
}

/** The facts that an agent states about its host. A missing one is unknown. */
export interface AgentAbout {
  readonly role?: string;
  readonly dc?: string;
  /** Load average of a minute. */
  readonly load?: number;
  /** Requests a second. */
  readonly nginxAccessRate?: number;
  /** Requests a second that were answered with 4xx or 5xx. */
  readonly nginxErrRate?: number;
  readonly nginx4xx?: number;
  readonly nginx5xx?: number;
  readonly nginx504?: number;
}

/** The result of a round over one link. */
export interface LinkResult {
  readonly to: string;
  /** Oldest first: `1` answered, `0` lost. */
  readonly outcomes: string;
  /** Median and longest round-trip time of the answers, milliseconds; null if there was none. */
  readonly rtt: number | null;
  readonly rttMax: number | null;
}

/** Connections of an agent's host to, or from, one peer. */
export interface PeerConnections {
  /** `out`: the host connected to the peer's port; `in`: the peer connected to this host's port. */
  readonly dir: 'in' | 'out';
  /** The host's own address in these connections. */
  readonly local: string;
  /** An address, or, for clients, a network such as `192.0.2.0/24`. */
  readonly peer: string;
  /** The port that is listened on: the peer's if `out`, the host's own if `in`. */
  readonly port: number;
  readonly n: number;
}

/** The observation by which a service of a peer, or its host, is dead: a refusal, an answer of something else, or silence. */
export const peerOutcomes = ['closed', 'wrong', 'silent'] as const;

/** A verdict in force of an agent beside Serf. */
export interface PeerReport {
  /** The member of the Serf pool. */
  readonly member: string;
  /** Its service, such as `redis/6379`; '' is the host itself. */
  readonly svc: string;
  readonly outcome: (typeof peerOutcomes)[number];
  /** When the agent first observed it, epoch seconds. */
  readonly sinceS: number;
  /** The members whose agents observed it, the agent's own first. */
  readonly witnesses: readonly string[];
}

/** A name that files of a host name, with the addresses that it has there now. */
export interface NamedAddresses {
  /** A DNS name in lower case, without a dot at its end. */
  readonly name: string;
  readonly addresses: readonly string[];
}

/** The report about a round. */
export interface AgentReport {
  readonly round: number;
  /** A long report comes in parts, from 0; each is a report of its own, and parts only grow. */
  readonly part?: number;
  readonly about: AgentAbout;
  readonly results: readonly LinkResult[];
  readonly connections: readonly PeerConnections[];
  /** Targets that files of this host name (imports), as texts. */
  readonly imports?: readonly string[];
  /** The names among these, as they were resolved. Missing from older agents; older servers ignore it. */
  readonly names?: readonly NamedAddresses[];
  /** Missing from an agent without Serf. */
  readonly peers?: readonly PeerReport[];
}

/** The longest body of a request, bytes. */
export const mostReportBytes = 32_768;

/** The most parts of a report. */
export const mostParts = 32;

/** The most verdicts on peers of a round, and witnesses of each. */
export const mostPeers = 200;
export const mostWitnesses = 8;

/** The most names of a round, and addresses of each. */
export const mostNames = 200;
export const mostNameAddresses = 32;

/** The most links of an agent, and of an agent on a director, which watches its real servers. */
export const mostLinks = 10;
export const mostDirectorLinks = 5000;

/** The pattern of an agent's name. */
export const agentNamePattern = /^[A-Za-z0-9](?:[A-Za-z0-9._-]{0,61}[A-Za-z0-9])?$/;

/** The pattern of a DNS name: RFC 1123, with underscores; numbers alone are an address. */
export const dnsNamePattern =
  /^(?=.{1,253}$)(?!\d+(\.\d+)*$)[a-z0-9_]([a-z0-9_-]{0,62})?(\.[a-z0-9_]([a-z0-9_-]{0,62})?)*$/;

/** The patterns of a member's name, as Serf checks it, and of a service in its tag. */
export const memberNamePattern = /^[A-Za-z0-9][A-Za-z0-9._-]{0,127}$/;
export const memberServicePattern = /^[a-z][a-z0-9-]{0,19}\/[1-9]\d{0,4}(?:\/tls)?$/;

/** The pattern of a role or a data centre that an agent states. */
export const placeWordPattern = /^[A-Za-z0-9][A-Za-z0-9._-]{0,39}$/;
