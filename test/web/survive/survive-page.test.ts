// The page of redundancy and /api/survive: with a topology and without one.

import { afterEach, expect, test } from 'vitest';
import { parsePolicy } from '../../../src/cli/policy/parse-policy.js';
import type { PolicyState } from '../../../src/model/policy/policy.js';
import { startViewer, type TestViewer } from '../viewer-site.js';

let viewer: TestViewer;
afterEach(() => viewer.close());

async function page(path: string): Promise<string> {
  const response = await fetch(`${viewer.url}${path}`);
  expect(response.status).toBe(200);
  return response.text();
}

interface Answer {
  readonly status: string;
  readonly topology: boolean;
  readonly partners: readonly string[];
  readonly services: readonly {
    service: string;
    servers: number;
    survives: Record<string, { outcome: string; part: number | null }>;
  }[];
}

const answer = async (): Promise<Answer> => JSON.parse(await page('/api/survive')) as Answer;

test('without a topology, only real servers and hosts are judged, and the page says so', async () => {
  viewer = await startViewer({ services: 3, days: 1 });
  const { topology, services } = await answer();
  expect([topology, services.length]).toEqual([false, 3]);
  for (const { servers, survives } of services) {
    expect(survives['rack']?.outcome).toBe('unknown');
    expect(survives['host']).toMatchObject(
      servers > 1 ? { outcome: 'survives', part: expect.any(Number) } : { outcome: 'lost' },
    );
  }
  const text = await page('/survive');
  expect(text).toContain('Without a <code>topology</code> in the policy');
  expect(text).toContain('No other director is known');
  expect(await page('/')).not.toContain('/survive"');
});

test('with a topology, the page says what is missing, and the navigation has it', async () => {
  const text = `
topology: [{host: all, addresses: [0.0.0.0/1, 128.0.0.0/1, "8000::/1", "::/1"], rack: r1, dc: tx}]
redundancy: [{match: "*", survive: rack}]
groups: [{name: edge, directors: [lb1.example.com, lb2.example.com]}]
`;
  const policy: PolicyState = { policy: parsePolicy(text, 'policy.yaml').policy, problem: null };
  viewer = await startViewer({ services: 3, days: 1, policy });
  const { status, partners, services } = await answer();
  expect([status, partners]).toEqual(['critical', ['lb2.example.com']]);
  expect(services.map(({ survives }) => [survives['rack']?.outcome, survives['director']?.outcome])).toEqual(
    services.map(() => ['lost', 'survives']),
  );
  const shown = await page('/survive');
  expect(shown).toContain('3 of 3 services would not survive a loss that they must survive');
  expect(shown).toContain('a real server on another host than all');
  expect(shown).toContain('<td class="lost" title="worst: rack tx/r1">no</td>');
  expect(shown).toContain('Other directors: lb2.example.com');
  expect(await page('/')).toContain('<a href="/survive');
});
