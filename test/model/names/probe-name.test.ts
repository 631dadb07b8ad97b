// Names of probes' archives.

import { describe, expect, test } from 'vitest';
import { resolveName } from '../../../src/model/names/parse-name.js';
import {
  type Labels,
  labelsText,
  longestProbeName,
  parseProbeArchive,
  probeArchive,
  resolveProbeArchive,
} from '../../../src/model/names/probe-name.js';

describe('the archive of a probe', () => {
  test.each<readonly [labels: Labels, name: string]>([
    [[], 'probe_flows'],
    [[['bridge', 'br0']], 'probe_flows/bridge=br0'],
    [
      [
        ['bridge', 'br-ex'],
        ['table', '0/1,2=3'],
      ],
      'probe_flows/bridge=br%2Dex,table=0%2F1%2C2%3D3',
    ],
    [[['mount', '/srv/größe']], 'probe_flows/mount=%2Fsrv%2Fgr%C3%B6%C3%9Fe'],
  ])('of the labels %j is %s, and back', (labels, name) => {
    expect(probeArchive({ probe: 'flows', labels })).toBe(name);
    expect(parseProbeArchive(name)).toEqual({ probe: 'flows', labels });
  });

  test.each([
    'probe_',
    'probe_1',
    'probe_flows/',
    'probe_flows/bridge',
    'probe_flows/bridge=',
    'probe_flows/bridge=br-ex',
    'probe_flows/bridge=br0/table=1',
    'probe_flows/table=1,bridge=br0',
    'probe_flows/table=1,table=2',
    'probe_flows/bridge=%zz',
    'probe_flows/1=2',
    `probe_flows/bridge=${'x'.repeat(longestProbeName)}`,
  ])('is not %s', (name) => {
    expect(parseProbeArchive(name)).toBeNull();
  });

  test('is found by labels as people write them, in any order', () => {
    expect(resolveProbeArchive('probe_flows/bridge=br-ex')).toBe('probe_flows/bridge=br%2Dex');
    expect(resolveName('probe_flows/bridge=br-ex')).toBe('probe_flows/bridge=br%2Dex');
    expect(resolveProbeArchive('flows')).toBeNull();
  });

  test('has its labels as Prometheus writes them', () => {
    expect(labelsText([['bridge', 'br0']])).toBe('bridge="br0"');
  });
});
