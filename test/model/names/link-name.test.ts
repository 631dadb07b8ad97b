// Names of the archives of agents and links.

import { describe, expect, test } from 'vitest';
import { agentArchive, linkArchive, parseAgentArchive, parseLinkArchive } from '../../../src/model/names/link-name.js';
import { serviceOf } from '../../../src/model/names/name.js';
import { resolveName } from '../../../src/model/names/parse-name.js';

describe('the archive of a link', () => {
  test.each([
    ['10.1.2.3', null, 'link_web01/10.1.2.3'],
    ['10.1.2.3', 3306, 'link_web01/10.1.2.3_3306'],
    ['2001:db8::5', null, 'link_web01/2001-db8--5'],
    ['::1', 80, 'link_web01/0--1_80'],
  ])('to %s, port %s, is %s, and back', (address, port, name) => {
    const id = { agent: 'web01', to: { address, port } };
    expect(linkArchive(id)).toBe(name);
    expect(parseLinkArchive(name)).toEqual(id);
  });

  test.each([
    'link_',
    'link_web01',
    'link_web01/',
    'link_web01/10.1.2.03',
    'link_web01/10.1.2.3_0',
    'link_web01/10.1.2.3_65536',
    'link_web01/10.1.2.3_80_udp',
    'link_web01/2001-db8-0--5',
    'link_web01/web02',
    'link_web01/10.1.2.3/10.1.2.3',
  ])('is not %s', (name) => {
    expect(parseLinkArchive(name)).toBeNull();
  });

  test('is found by the target as people write it', () => {
    expect(resolveName('link_web01/10.1.2.3:3306')).toBe('link_web01/10.1.2.3_3306');
    expect(resolveName('link_web01/[2001:db8::5]:80')).toBe('link_web01/2001-db8--5_80');
    expect(() => resolveName('link_web01/web02')).toThrow('is not the name of an archive');
  });

  test('belongs to its agent', () => {
    expect(serviceOf('link_web01/10.1.2.3_3306')).toBe(agentArchive('web01'));
  });
});

test.each(['agent_', 'agent_-web', 'agent_web01/10.1.2.3'])('%s is not the archive of an agent', (name) => {
  expect(parseAgentArchive(name)).toBeNull();
});
