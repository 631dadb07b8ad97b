// The figures in lists and alternative texts of a service whose outbound traffic was visible for only part of the day.

import { describe, expect, test } from 'vitest';
import { ipvsDataSources } from '../../../src/model/archive.js';
import type { LedgerEvent } from '../../../src/model/ledger-event.js';
import type { Series, SeriesSource } from '../../../src/model/series.js';
import { outboundOf, type Reach } from '../../../src/model/service/outbound.js';
import { type Board, busynessOf, createBoards, readFigures, unkept } from '../../../src/web/data/board.js';
import { catalogueOf } from '../../../src/web/data/catalogue.js';
import { figureOf } from '../../../src/web/pages/figure.js';
import { nowOf } from '../../../src/web/pages/service-table.js';
import { parseView } from '../../../src/web/view.js';
import { archiveOf, lastS, sourceOf as sampleSource } from '../../render/sample-archives.js';

const endS = lastS - (lastS % 300);
const turnS = endS - 6 * 3600;

/** A masqueraded service that sends 8 bytes a second for 4 received; invisible traffic counts nothing. */
function sourceOf(isSeen: (timeS: number) => boolean, events: readonly LedgerEvent[]): SeriesSource {
  const fetch = async ({
    name,
    cf,
    startS,
    endS: toS,
    stepS,
  }: Parameters<SeriesSource['fetch']>[0]): Promise<Series> => {
    const rows = (toS + 1 - startS) / stepS;
    const columns = ipvsDataSources.map(({ name: source }) =>
      Float64Array.from({ length: rows }, (_, row) =>
        source.startsWith('Out') ? (isSeen(startS + (row + 1) * stepS) ? 8 : 0) : 4,
      ),
    );
    const dataSources = ipvsDataSources.map((source) => source.name);
    return { name, cf, stepS, pdpS: 300, startS, endS: toS + 1, lastS, dataSources, columns };
  };
  const fetchBoth = async (query: Parameters<SeriesSource['fetchBoth']>[0]) => ({
    AVERAGE: await fetch({ ...query, cf: 'AVERAGE' }),
    MAX: await fetch({ ...query, cf: 'MAX' }),
  });
  const fetchMany: SeriesSource['fetchMany'] = ({ names, ...query }) =>
    Promise.all(names.map((name) => fetch({ ...query, name })));
  return { list: async () => [], events: async () => events, fetch, fetchBoth, fetchMany };
}

function reachBy(forwarding: string): Reach {
  const archive = archiveOf('192.0.2.1_80', { events: 1 });
  const about = { kind: 'real-server', forwarding, weight: 1 } as const;
  return { archive, service: archive, realServers: [archiveOf('192.0.2.1_80/10.0.0.1_80', { about })] };
}

function changeEvent(from: string, to: string): LedgerEvent {
  const of = { timeS: turnS, archive: '192.0.2.1_80', realServer: '10.0.0.1_80' } as const;
  return { ...of, kind: 'forwarding-changed', from, to };
}

describe('the figures of a service', () => {
  async function told(now: string, before: string) {
    const reach = reachBy(now);
    const isSeen = (timeS: number): boolean => (timeS > turnS ? now : before) === 'Masq';
    const figures = await readFigures(unkept(sourceOf(isSeen, [changeEvent(before, now)])), reach, lastS);
    const outbound = outboundOf(reach);
    const board: Board = { lastS, of: () => figures };
    const view = parseView('', lastS);
    const span = { startS: endS - 86_400, endS, label: '24 h' };
    const subject = { info: reach.archive, endpoint: '192.0.2.1:80', protocol: 'TCP', hosts: [], outbound };
    const { alt } = figureOf(
      subject,
      { type: 'traffic', size: 'card' },
      { basePath: '', zone: null, isNoted: false, view, span, board },
    );
    return {
      alt,
      now: nowOf(figures, outbound)[2],
      day: figures.day.get('OutBytes'),
      busy: busynessOf(figures.day, 'traffic'),
    };
  }

  test('average outbound traffic only over the time since direct routing ended', async () => {
    const { alt, now, day, busy } = await told('Masq', 'Route');
    expect([now, day, busy]).toEqual(['64', 8, 12]);
    expect(alt).toContain('now in 32, out 64; 24-hour mean in 32, out 64');
  });

  test('report that outbound traffic is no longer visible', async () => {
    const { alt, now, day } = await told('Route', 'Masq');
    expect([now, day]).toEqual(['–', 8]);
    expect(alt).toContain('now in 32, out not visible here; 24-hour mean in 32, out 64');
  });

  test('cover only inbound traffic if outbound traffic was never visible', async () => {
    const { alt, now, busy } = await told('Tunnel', 'Route');
    expect([now, busy]).toEqual(['–', 4]);
    expect(alt).toContain('now in 32, out not visible here; 24-hour mean in 32, out not visible here');
  });
});

test('a board has the figures of each service, however many there are', async () => {
  const names = Array.from({ length: 50 }, (_, i) => `192.0.2.${i + 1}_80`);
  const archives = ['all', ...names].map((name) => archiveOf(name));
  const sample = sampleSource(archives);
  // Each service has rates of its own.
  const source: SeriesSource = {
    ...sample,
    fetchMany: async (query) =>
      (await sample.fetchMany(query)).map((series) => {
        const own = archives.findIndex(({ name }) => name === series.name);
        return { ...series, columns: series.columns.map((column) => column.map((_, row) => 1000 * own + row)) };
      }),
  };
  const catalogue = catalogueOf(archives, new Map());
  const board = await createBoards(unkept(source)).read(catalogue);
  for (const archive of archives) {
    const figures = await readFigures(unkept(source), catalogue.reachOf(archive), lastS);
    expect(board.of(archive.name), archive.name).toEqual(figures);
  }
  expect(new Set(names.map((name) => board.of(name)?.now.get('Conns'))).size).toBe(names.length);
});
