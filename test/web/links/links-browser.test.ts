// The page of links and that of a service with lost links in a real browser: both matrices, in light and dark, at three widths, held against
// axe, and by keyboard alone.

import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import axe from 'axe-core';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { LinksReading } from '../../../src/model/links/counts.js';
import { topologyOf } from '../../../src/model/topology/topology.js';
import { fleetView, lost, well } from '../../links/fleet.js';
import { closePages, hasChromium, launchChromium, openPage } from '../../public/browser.js';
import { startViewer, type TestViewer } from '../viewer-site.js';

/** Where pictures of the pages go, for people; none by default. */
const shots = process.env['LVS_STATS_SHOTS'] ?? '';

const topology = (() => {
  const hosts = ['tx', 'fr'].flatMap((dc, i) =>
    [11, 12, 13].map((n) => ({ host: `${dc}web${n}`, addresses: [`10.${i}.1.${n}`], rack: null, dc, role: 'web' })),
  );
  const made = topologyOf([...hosts, { host: 'db1', addresses: ['10.0.9.1'], rack: null, dc: 'tx', role: 'db' }]);
  if ('problem' in made) throw new Error(made.problem);
  return made;
})();

const round = (far: string) => ({
  lb1: { '10.0.1.11': far, '10.0.1.12': well, '10.1.1.11': far, '10.1.1.12': far },
  lb2: { '10.0.1.11': far, '10.0.1.13': '1101101011', '10.1.1.13': far },
  frlb1: { '10.1.1.11': well, '10.0.1.12': well, '192.0.2.77': well },
  txweb11: { '10.0.9.1:3306': well },
});

/** The counts of lb1: one of its links answers nothing, another loses a tenth. */
function agentsAt(timeS: number): LinksReading {
  const none = { probes: 0, lost: 0, rounds: 0, rttUs: 0 };
  const probes = Math.floor(timeS / 12);
  const rounds = Math.floor(probes / 10);
  const counts = { bornS: 1, probes, newest: none };
  const answering = { ...counts, lost: Math.floor(probes / 10), rounds, rttUs: 1500 * rounds };
  return {
    ...{ processMs: 1, changes: [] },
    agents: [
      {
        ...{ agent: 'lb1', role: 'lb', dc: 'tx', isSilent: false, links: 2, lostLinks: 1 },
        ...{ ...answering, peaks: [{ timeS, ms: 4 }] },
      },
    ],
    links: [
      { archive: 'link_lb1/10.0.1.11', ...counts, lost: probes, rounds: 0, rttUs: 0, isStale: false },
      { archive: 'link_lb1/10.0.1.12_80', ...answering, isStale: false },
    ],
  };
}

describe.skipIf(!hasChromium)('in Chromium, links', () => {
  let browser: Browser;
  let viewer: TestViewer;

  beforeAll(async () => {
    const nowS = 1_795_271_760;
    const view = fleetView([well, well, lost].map(round), { nowS, topology });
    [browser, viewer] = await Promise.all([
      launchChromium(),
      startViewer({ services: 3, days: 1, hosts: '10.0.1.11 web05\n', links: () => view, agentsAt }),
    ]);
    for (let n = 0; n < 3; n += 1) await viewer.cycle();
  });

  afterAll(async () => {
    await closePages(browser);
    await viewer?.close();
  });

  async function seriousFindings(page: Page): Promise<readonly unknown[]> {
    const options: axe.RunOptions = { resultTypes: ['violations'] };
    const { violations } = await page.evaluate(
      (own) => (globalThis as unknown as { axe: typeof axe }).axe.run(own),
      options,
    );
    const serious = violations.filter(({ impact }) => impact === 'serious' || impact === 'critical');
    return serious.map(({ id, nodes }) => [id, nodes[0]?.html]);
  }

  async function photograph(page: Page, name: string): Promise<void> {
    if (shots === '') return;
    mkdirSync(shots, { recursive: true });
    await page.screenshot({ path: join(shots, `${name}.png`), fullPage: true });
  }

  test.each([
    ['links', '/links'],
    ['roles', '/links?by=role'],
    ['service', '/service/192.0.2.10_443'],
    ['agent', '/service/agent_lb1'],
    ['link', '/service/link_lb1/10.0.1.11'],
  ])(
    'the page of %s has no serious finding of axe in light and dark, and is at no width too wide',
    async (name, path) => {
      const page = await openPage(browser, { colorScheme: 'light' });
      await page.goto(viewer.url + path);
      await page.evaluate(axe.source);
      for (const colorScheme of ['light', 'dark'] as const) {
        await page.emulateMedia({ colorScheme });
        expect([colorScheme, await seriousFindings(page)]).toEqual([colorScheme, []]);
        for (const width of [1280, 390, 2560]) {
          await page.setViewportSize({ width, height: 900 });
          const overflow = 'document.documentElement.scrollWidth - document.documentElement.clientWidth';
          await expect.poll(() => page.evaluate<number>(overflow), { message: `at ${width} pixels` }).toBe(0);
          await photograph(page, `${name}-${width}-${colorScheme}`);
        }
      }
      await page.context().close();
    },
  );

  test('an agent has graphs of its links, which lists of services leave out', async () => {
    const page = await openPage(browser, {});
    const errors: string[] = [];
    page.on('pageerror', ({ message }) => errors.push(message));
    await page.goto(`${viewer.url}/links`);
    await page.getByRole('rowheader', { name: 'lb1' }).getByRole('link').last().click();
    await page.waitForURL('**/service/agent_lb1');
    expect(await page.locator('nav.views a[aria-current]').allInnerTexts()).toEqual(['Links']);
    for (const title of ['Links', 'Round-trip time', 'Lost probes']) {
      const figure = page.locator('figure').filter({ hasText: title });
      await expect.poll(() => figure.locator('canvas').count(), { message: title }).toBeGreaterThan(0);
    }
    expect(await page.getByRole('region', { name: 'Links' }).locator('tbody tr').allInnerTexts()).toEqual([
      '10.0.1.11\tweb05\t–\t100\tno answer',
      expect.stringMatching(/^10\.0\.1\.12:80\t.*\t1\.50\t(10|8|12)/),
    ]);
    await page.goto(`${viewer.url}/services`);
    expect(await page.locator('main').textContent()).not.toContain('agent');
    expect(errors).toEqual([]);
    await page.context().close();
  });

  test('the matrix is switched to roles by keyboard, and its address says so', async () => {
    const page = await openPage(browser, {});
    await page.goto(`${viewer.url}/links`);
    const matrix = () => page.locator('table.matrix tbody tr').allInnerTexts();
    expect(await matrix()).toEqual(['fr\t1\t1', 'tx\t3 of 3 lost\t2 of 5 lost']);
    const isFocused = () => page.evaluate<boolean>('document.activeElement?.textContent === "roles"');
    for (let presses = 0; presses < 60 && !(await isFocused()); presses += 1) await page.keyboard.press('Tab');
    expect(await page.evaluate<string>('getComputedStyle(document.activeElement).outlineStyle')).not.toBe('none');
    await page.keyboard.press('Enter');
    await page.waitForURL('**/links?by=role');
    expect(await page.locator('nav.axes a[aria-current]').textContent()).toBe('roles');
    expect(await matrix()).toEqual(['db\t\t\t', 'lb\t\t\t5 of 9 lost', 'web\t1\t\t']);
    expect(await page.locator('main').textContent()).toContain('Not counted: 1 link with an end whose role is unknown');
    await page.context().close();
  });
});
