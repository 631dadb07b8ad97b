// The page of a service says which of its real servers agents have lost, and never that unwatched ones are well.

import { afterEach, expect, test } from 'vitest';
import type { LinksView } from '../../../src/model/links/view.js';
import { parseRealServerName } from '../../../src/model/names/name.js';
import { fleetView, lost, well } from '../../links/fleet.js';
import { startViewer, type TestViewer } from '../viewer-site.js';

let viewer: TestViewer | null = null;
afterEach(async () => {
  await viewer?.close();
  viewer = null;
});

const nowS = 1_795_271_760;

/** The page of the first service of a viewer, as text. */
async function servicePage(linksOf?: (addresses: readonly string[]) => LinksView) {
  let view: LinksView | null = null;
  const none = fleetView([], { nowS });
  const hosts = '10.0.1.11 web05\n';
  viewer = await startViewer({
    services: 3,
    days: 1,
    hosts,
    ...(linksOf === undefined ? {} : { links: () => view ?? none }),
  });
  const names = (await viewer.store.list()).map(({ name }) => name);
  const servers = names.filter((name) => name.startsWith('192.0.2.10_443/'));
  const addresses = servers.map((name) => parseRealServerName(name.split('/')[1] ?? '')?.address ?? '');
  view = linksOf?.(addresses) ?? null;
  const page = async (path: string) => (await (await fetch(`${viewer?.url}/${path}`)).text()).replaceAll(/\s+/g, ' ');
  return { addresses, service: await page('service/192.0.2.10_443'), server: await page(`service/${servers[0]}`) };
}

const section = (page: string): string => /<section class="findings reach".*?<\/section>/.exec(page)?.[0] ?? '';

test('says nothing where no agents report to this server', async () => {
  const { service } = await servicePage();
  expect(section(service)).toContain(' hidden');
  expect(service).not.toContain('<dt>links</dt>');
});

test('says that nobody watches where no agent has such a link', async () => {
  const { service } = await servicePage(() => fleetView([{ lb1: { '10.99.0.1': well } }, {}], { nowS }));
  expect(section(service)).toContain(' hidden');
  expect(service).toContain('<dt>links</dt><dd>not watched: no agent reports links to them</dd>');
});

test('names the real servers that are lost, from where, since when, and those that nobody watches', async () => {
  const { addresses, service, server } = await servicePage(([first = '', second = '']) => {
    const links = (own: string) => ({
      lb1: { [first]: own, [second]: well },
      lb2: { [`${first}:80`]: own },
      lb3: { [first]: well },
    });
    return fleetView([links(well), links(well), links(lost)], { nowS });
  });
  const [first = '', , third = ''] = addresses;
  const text = section(service);
  expect(text).not.toContain(' hidden');
  expect(text.match(/<li/g)).toHaveLength(1);
  expect(text).toContain('10.0.1.11 (web05): <span class="sentence">');
  expect(text).toContain(`lost from lb1, lb2 (to ${first}:80); 1 agent reaches it`);
  expect(text).toContain('since 2026-11-21 14:34');
  const count = new Set(addresses).size;
  expect(service).toContain(
    `<dd>1 of ${count} real servers answers all agents that watch it; 1 lost; not watched: ${third}`,
  );
  expect(section(server)).toContain('lost from lb1, lb2');
  expect(server).toContain('<dd>lost from 2 agents, reached from 1</dd>');
});
