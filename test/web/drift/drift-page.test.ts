// The page of drift and /api/drift: where it is judged, and where it is not.

import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { KnownDrift } from '../../../src/model/drift/known-drift.js';
import { startViewer, type TestViewer } from '../viewer-site.js';

let viewer: TestViewer;
beforeAll(async () => {
  viewer = await startViewer({ services: 3, days: 1 });
});
afterAll(() => viewer.close());

const sinceS = 1_795_270_000;
const drift: KnownDrift = {
  references: [
    {
      kind: 'keepalived',
      name: '/etc/keepalived/keepalived.conf',
      services: 3,
      failure: null,
      notes: ['/etc/keepalived/keepalived.conf:9: unknown word: "<odd>"'],
      isWhole: false,
    },
    {
      kind: 'against',
      name: 'ssh lb2 sudo ipvsadm',
      services: null,
      failure: { sinceS, text: 'ssh failed' },
      notes: [],
      isWhole: false,
    },
  ],
  problems: [
    {
      problem: 'wrong-weight',
      archive: '192.0.2.99_80/10.0.0.1_80',
      actual: 'weight 5',
      expected: 'weight 1',
      reference: 'keepalived',
      place: { file: '/etc/keepalived/keepalived.conf', line: 12 },
      sinceS,
    },
  ],
  count: 1,
};

async function page(path: string): Promise<string> {
  const response = await fetch(`${viewer.url}${path}`);
  expect(response.status).toBe(200);
  return response.text();
}

describe('drift', () => {
  test('has no link where it is not judged, and its page says how to judge it', async () => {
    expect(await page('/')).not.toContain('/drift"');
    expect(await page('/drift')).toContain('The table is not compared with anything');
    expect(JSON.parse(await page('/api/drift'))).toMatchObject({
      judged: false,
      count: 0,
      problems: [],
      references: [],
    });
  });

  test('is a page of differences with both states, since when, and where it is written', async () => {
    viewer.collecting = { ...viewer.collecting, drift };
    const now = await page('/');
    expect(now).toContain('<a href="/drift">Drift: 1 difference</a>');
    const text = await page('/drift');
    expect(text).toContain('1 difference: 1 dirty, 0 unhealthy');
    expect(text.replaceAll(/<[^>]+>/g, '|')).toMatch(
      /10\.0\.0\.1:80 of 192\.0\.2\.99:80\|+dirty\| wrong weight\|+weight 5\|+weight 1\|+2026-11-21 14:06\|+\/etc\/keepalived\/keepalived\.conf:12\|/,
    );
    expect(text).toContain('unknown word: &#34;&lt;odd&gt;&#34;');
    expect(text).toContain('cannot be read since 2026-11-21 14:06: ssh failed');
    expect(text).toContain('<a href="/drift?');
  });

  test('is the same as JSON', async () => {
    viewer.collecting = { ...viewer.collecting, drift };
    expect(JSON.parse(await page('/api/drift'))).toMatchObject({
      judged: true,
      count: 1,
      problems: [
        {
          problem: 'wrong-weight',
          class: 'dirty',
          archive: '192.0.2.99_80/10.0.0.1_80',
          file: '/etc/keepalived/keepalived.conf',
          line: 12,
          since: sinceS,
        },
      ],
      references: [
        { kind: 'keepalived', services: 3, failure: null },
        { kind: 'against', services: null, failure: { since: sinceS, text: 'ssh failed' } },
      ],
    });
  });
});
