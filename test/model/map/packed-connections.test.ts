import { expect, test } from 'vitest';
import { packConnections, unpackConnections } from '../../../src/model/map/packed-connections.js';

const one = { dir: 'out', local: '10.0.0.9', peer: '10.1.2.3', port: 3306, n: 12 } as const;
const six = { dir: 'in', local: '2001:db8::9', peer: '2001:db8:1::/48', port: 443, n: 3 } as const;

test.each([[[]], [[one]], [[one, six]]])('unpacks what was packed: %j', (connections) => {
  expect(unpackConnections(packConnections(connections))).toEqual(connections);
});

test('adds up connections of the same direction, addresses and port', () => {
  const packed = packConnections([one, six, { ...one, n: 5 }, { ...one, port: 3307 }, { ...one, dir: 'in' }]);
  expect(packed.split('\n')).toEqual([
    'out 10.0.0.9 10.1.2.3 3306 17',
    'in 2001:db8::9 2001:db8:1::/48 443 3',
    'out 10.0.0.9 10.1.2.3 3307 12',
    'in 10.0.0.9 10.1.2.3 3306 12',
  ]);
});
