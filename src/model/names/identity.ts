// The identity of a service and of a real server: the fields by which the kernel distinguishes them. Addresses are
// canonical text (IPv4 dotted, IPv6 as RFC 5952), ports 0 to 65535, marks unsigned 32-bit. See ip_vs(4) terms in ipvsadm(8):
// -t, -u, --sctp-service, -f.

/** Transport of a service that is addressed by VIP and port. */
export type Protocol = 'tcp' | 'udp' | 'sctp';

/** Address family of a firewall-mark service: the same mark may exist in both. */
export type Family = 'ipv4' | 'ipv6';

/** Identity of a service: protocol + VIP + port, or a firewall mark and its family. */
export type ServiceId =
  | { readonly kind: 'address'; readonly protocol: Protocol; readonly address: string; readonly port: number }
  | { readonly kind: 'mark'; readonly mark: number; readonly family: Family };

/** Identity of a real server within its service. */
export interface RealServerId {
  readonly address: string;
  readonly port: number;
}

/**
 * How the director forwards packets to a real server, as `ipvsadm -L` names it: Masq, Route, Tunnel, Local, or an unknown
 * method (FullNat). The word begins with a letter, has letters, digits, `_`, `+` and `-`, and is at most 32 characters long.
 */
export type Forwarding = string;

/** Is a word the name of a forwarding method, known or not? */
export function isForwarding(word: string): word is Forwarding {
  return /^[A-Za-z][\w+-]{0,31}$/.test(word);
}
