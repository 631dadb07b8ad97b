// Addresses and networks as numbers: `10.1.0.5`, `10.1.0.0/24`, `2001:db8:1::/48`.

import { addressNumber, isIpv6Text } from '../drift/address-range.js';

/** A network; a single address is one of full length. */
export interface Network {
  readonly isIpv6: boolean;
  readonly length: number;
  readonly first: bigint;
}

/** An address as a number. */
export interface AddressKey {
  readonly isIpv6: boolean;
  readonly value: bigint;
}

/** An address as a number; null if the text is none. */
export function addressKey(text: string): AddressKey | null {
  const value = addressNumber(text);
  return value === null ? null : { isIpv6: isIpv6Text(text), value };
}

/** The network of a text, or why it is none. */
export function parseNetwork(text: string): Network | { readonly problem: string } {
  const [address = '', length, ...more] = text.split('/');
  const key = addressKey(address);
  if (key === null || more.length > 0)
    return { problem: 'write an address or a network, such as 10.1.0.5 or 10.1.0.0/24' };
  const bits = key.isIpv6 ? 128 : 32;
  if (length === undefined) return { isIpv6: key.isIpv6, length: bits, first: key.value };
  const own = /^\d{1,3}$/.test(length) ? Number(length) : 0;
  if (own < 1 || own > bits) return { problem: `its prefix length is not from 1 to ${bits}` };
  if (key.value % (1n << BigInt(bits - own)) !== 0n) return { problem: 'it is not the first address of its network' };
  return { isIpv6: key.isIpv6, length: own, first: key.value };
}

/** Whether an address belongs to a network. */
export function isInNetwork({ isIpv6, length, first }: Network, key: AddressKey): boolean {
  if (key.isIpv6 !== isIpv6) return false;
  const rest = BigInt((isIpv6 ? 128 : 32) - length);
  return key.value >> rest === first >> rest;
}
