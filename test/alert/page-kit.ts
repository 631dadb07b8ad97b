// Pages, and a channel that remembers, for the tests of delivery.

import type { Channel } from '../../src/alert/channels/channel.js';
import type { Letter } from '../../src/alert/message.js';
import type { Page } from '../../src/model/paging/page.js';

/** A time on the clock of the tests, epoch seconds. */
export const startS = 1_764_580_800;

/** A page about a host. */
export function hostPage(host: string, more: Partial<Page> = {}): Page {
  const identity = `host/${host}`;
  const sinceS = more.sinceS ?? startS;
  return {
    id: `${identity}@${sinceS}`,
    identity,
    level: 'host',
    sinceS,
    severity: 'warning',
    title: `host ${host}: 2 real servers of 2 services are down`,
    hosts: [host],
    servers: 2,
    services: 2,
    alerts: [
      { id: `server-left/host/${host}@${sinceS}`, severity: 'warning', sinceS, text: `${host}: left 2 services` },
    ],
    ...more,
  };
}

/** A letter in short: `page host/web01`, `digest: page host/web01, resolved host/web02`. */
export function said(letter: Letter): string {
  const short = ({ kind, page }: { readonly kind: string; readonly page: Page }): string => `${kind} ${page.identity}`;
  return letter.kind === 'single' ? short(letter.message) : `digest: ${letter.messages.map(short).join(', ')}`;
}

/** A channel that remembers what it accepted, and fails while it has a reason. */
export class FakeChannel implements Channel {
  readonly name: string;
  readonly letters: Letter[] = [];
  failure: string | null = null;

  constructor(name = 'fake') {
    this.name = name;
  }

  readonly send = async (letter: Letter): Promise<void> => {
    if (this.failure !== null) throw new Error(this.failure);
    this.letters.push(letter);
  };

  get said(): readonly string[] {
    return this.letters.map(said);
  }
}
