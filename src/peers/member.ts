// Members of a Serf pool as peers: where they are, whether Serf reaches them, and the services that their tag `svc` names:
//
//     svc=redis/6379,http/8443/tls
//
// Each service is KIND/PORT, or KIND/PORT/tls. Which kinds can be probed is for the agent to know (agent/peers).

/** The status of a member in Serf: `leaving` and `left` members went on purpose. */
export type MemberStatus = 'alive' | 'leaving' | 'left' | 'failed';

/** A service that a member offers. */
export interface PeerService {
  /** `redis/6379`, which tells it from others of the member. */
  readonly text: string;
  readonly kind: string;
  readonly port: number;
  readonly isTls: boolean;
}

/** A member of the pool. */
export interface Member {
  readonly name: string;
  /** Canonical. */
  readonly address: string;
  readonly status: MemberStatus;
  /** Whether an agent runs beside its Serf, and can observe others. */
  readonly isAgent: boolean;
  readonly services: readonly PeerService[];
}

/** The services of a tag; `refused` has the words that name none. */
export interface ParsedServices {
  readonly services: readonly PeerService[];
  readonly refused: readonly string[];
}

/** Parses the tag `svc`; a service that it repeats counts once. Serf bounds it: all tags of a member have 512 bytes at most. */
export function parseServices(tag: string): ParsedServices {
  const words = tag.split(/[\s,]+/).filter((word) => word !== '');
  const parsed = words.map((word) => ({ word, service: parseService(word) }));
  const services = new Map(parsed.flatMap(({ service }) => (service === null ? [] : [[service.text, service]])));
  const refused = parsed.filter(({ service }) => service === null).map(({ word }) => word);
  return { services: [...services.values()], refused };
}

/** A service; null if the text is none. */
function parseService(text: string): PeerService | null {
  const [, kind, digits, tls] = /^([a-z][a-z0-9-]{0,19})\/([1-9]\d{0,4})(\/tls)?$/.exec(text) ?? [];
  const port = Number(digits);
  if (kind === undefined || port > 65_535) return null;
  return { text, kind, port, isTls: tls !== undefined };
}

/** A service of a member, or its host (`service` null). */
export interface PeerTarget {
  readonly member: string;
  readonly service: string | null;
}

/** The text that identifies a target; names of members have no blanks (Serf refuses them). */
export function targetKey({ member, service }: PeerTarget): string {
  return service === null ? member : `${member} ${service}`;
}

/** Whether Serf still counts a member: it did not go on purpose. */
export function isExpected({ status }: Member): boolean {
  return status === 'alive' || status === 'failed';
}
