// The director's page, on real archives: the kernel's counters by processor, and its connection table.

import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { KernelReading } from '../../src/model/snapshot.js';
import { counterTypes } from '../../src/render/define/graph-request.js';
import type { LiveStack } from '../../src/web/wire.js';
import { kernelOfThree, startViewer, type TestViewer } from './viewer-site.js';

let viewer: TestViewer;
let kernelAt: (timeS: number) => KernelReading = kernelOfThree;

beforeAll(async () => {
  viewer = await startViewer({ services: 2, days: 0, kernelAt: (timeS) => kernelAt(timeS) });
});

afterAll(() => viewer.close());

async function text(path: string): Promise<string> {
  const response = await fetch(`${viewer.url}${path}`);
  return `${response.status} ${await response.text()}`;
}

describe("the director's page", () => {
  test('explains why it is empty before the first reading of the kernel', async () => {
    const page = await text('/director');
    expect(page).toMatch(/^200 /);
    expect(page).toContain('have not been read');
    expect(page).not.toContain('<figure');
  });

  test('shows processors, totals and the connection table after it', async () => {
    for (let cycles = 0; cycles < 4; cycles += 1) await viewer.cycle();
    const page = await text('/director');
    expect(page).toContain('3; processor 2 handles 50 % of the packets');
    expect(page).toContain('4096 buckets, 8.19 k connections, 2.00 per bucket');
    expect(page).toContain('master sync daemon (mcast=eth0, syncid=7)');
    for (const type of ['cpu_cps', 'cpu_traffic', 'cpu_pps']) {
      expect(page).toContain(`data-kind="stack" data-name="all" data-type="${type}"`);
    }
    for (const type of counterTypes) expect(page).toContain(`data-name="all/total" data-type="${type}"`);
    expect(page).toContain('data-name="all/table" data-type="table"');
    expect(page.match(/href="\/director\/cpu_\d"/g)).toHaveLength(3);
  });

  test('links to a page for each part', async () => {
    const response = await fetch(`${viewer.url}/service/all/cpu_2?period=week`, { redirect: 'manual' });
    expect([response.status, response.headers.get('location')]).toEqual([302, '/director/cpu_2?period=week']);
    const page = await text('/director/cpu_2');
    expect(page).toContain('<h1>Processor 2</h1>');
    expect(page.match(/<figure /g)).toHaveLength(counterTypes.length);
    expect(await text('/director/cpu_9')).toMatch(/^404 /);
  });

  test('shows the findings of its parts, on its own page and on theirs', async () => {
    const before = viewer.collecting;
    const numbers = { share: 0.5, processors: 3 };
    const about = { kind: 'processor-overloaded', subject: 'all/cpu_2', archives: ['all/cpu_2'], numbers } as const;
    const known = { ...about, severity: 'warning', sinceS: viewer.clock.nowS - 600, openS: 1, count: 0 } as const;
    viewer.collecting = { ...before, findings: [known] };
    expect(await text('/director')).toContain('<td class="state"><span class="badge">processor overloaded</span>');
    for (const path of ['/director', '/director/cpu_2', '/all?kiosk']) {
      expect(await text(path)).toContain('handles 50 % of the packets of 3 processors');
    }
    const silence = { pattern: 'processor-overloaded', untilS: viewer.clock.nowS + 3600, why: 'known', sinceS: 0 };
    viewer.collecting = { ...before, findings: [known], silences: [silence] };
    expect(await text('/director/cpu_2')).toMatch(/silenced until [^<]*: known</);
    expect(await text('/director/cpu_1')).toContain('data-live="findings" hidden>');
    viewer.collecting = before;
  });

  test('serves its heat maps as pictures, as rows for canvases, and as numbers for programs', async () => {
    for (const path of ['/graphs/day/all-cpu_pps.png', '/graphs/week/all-cpu_traffic.png?theme=dark&size=tile']) {
      const response = await fetch(`${viewer.url}${path}`);
      expect([response.status, response.headers.get('content-type')]).toEqual([200, 'image/png']);
    }
    const live = (await (await fetch(`${viewer.url}/live/stack?type=cpu_pps&period=day`)).json()) as LiveStack;
    expect(live.stack.of).toBe('processors');
    expect(live.stack.parts.map(({ name }) => name)).toEqual(['Processor 0', 'Processor 1', 'Processor 2']);
    const csv = await text('/api/stack.csv?type=cpu_cps');
    expect(csv).toMatch(/^200 time,all\/cpu_0,all\/cpu_1,all\/cpu_2\n/);
    expect(csv.trim().split('\n').at(-1)).toMatch(/,1,1,2$/);
    expect(viewer.errors).toEqual([]);
  });

  test('counts only the processors that are present', async () => {
    kernelAt = (timeS) => {
      const { processors, ...kernel } = kernelOfThree(timeS);
      return { ...kernel, processors: new Map([...processors].filter(([number]) => number !== 1)) };
    };
    await viewer.cycle();
    const page = await text('/director');
    expect(page).toContain('2; processor 2 handles 67 % of the packets');
    expect(page).toContain('gone since');
  });
});
