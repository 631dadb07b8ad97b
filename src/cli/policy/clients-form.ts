// The part of the policy that names client networks.
//
//   clients: [{name: office, networks: [192.0.2.0/24, "2001:db8:1::/48"]}]

import { type ClientNetworks, clientPrefix } from '../../model/policy/clients.js';
import { parseNetwork } from '../../model/topology/network.js';
import { topologyOf } from '../../model/topology/topology.js';
import { startOf, wrong } from '../yaml-text.js';
import { checked, type Form, fields, list, text, value } from './form.js';
import { isPlainName, plainNames } from './topology/topology-form.js';

const network = value({
  values: `a network, such as 192.0.2.0/24; at most /${clientPrefix.ipv4}, or /${clientPrefix.ipv6} of IPv6`,
  about: 'its networks; of nested ones, the smallest counts',
  parse: (read) => {
    const parsed = parseNetwork(read);
    if ('problem' in parsed) throw new Error(parsed.problem);
    const most = parsed.isIpv6 ? clientPrefix.ipv6 : clientPrefix.ipv4;
    if (parsed.length > most)
      throw new Error(`agents report clients as networks of /${most}: write one of that size or larger`);
    return read;
  },
});

const entry = fields(
  {
    name: text('the name of clients, on the map', { values: 'a name', most: 100 }, (read) => {
      if (!isPlainName(read)) throw new Error(`write ${plainNames}`);
    }),
    networks: list(network),
  },
  { required: ['name', 'networks'] },
);

const entries = checked(list(entry), (all) => {
  const owners = new Map<string, string>();
  for (const [i, { name, networks }] of all.entries()) {
    if (all.findIndex((one) => one.name === name) < i) {
      throw new Error(`"${name}" is named twice: list all its networks together`);
    }
    for (const text of networks) {
      const key = networkKey(text);
      const owner = owners.get(key) ?? name;
      if (owner !== name) throw new Error(`"${owner}" and "${name}" both claim ${text}: remove it from one of them`);
      owners.set(key, name);
    }
  }
});

function networkKey(text: string): string {
  const parsed = parseNetwork(text);
  return 'problem' in parsed ? text : `${parsed.isIpv6} ${parsed.length} ${parsed.first}`;
}

/** The form. */
export const clientsPart: Form<ClientNetworks> = {
  keys: entries.keys,
  read: (node, spot) => {
    const all = entries.read(node, spot);
    const hosts = all.map(({ name, networks }) => ({
      host: name,
      addresses: networks,
      rack: null,
      dc: null,
      role: null,
    }));
    const built = topologyOf(hosts);
    if ('problem' in built) throw wrong(spot.place(startOf(node)), built.problem);
    return built;
  },
};
