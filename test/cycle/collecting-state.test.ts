// The state of collection, from the cycles of a real keeper whose ledger fails or whose cycles are late.

import { expect, test } from 'vitest';
import { followCycles } from '../../src/cycle/collecting-state.js';
import { interpretFailure } from '../../src/interpret/interpret.js';
import type { KnownState } from '../../src/model/cycle.js';
import { type Keeper, openKeeper } from '../../src/store/shared/keeper.js';
import { scratch } from '../commands/program.js';

const newFolder = scratch();
const noonS = 1_700_049_600;

function fail({ archives }: Keeper, previous: KnownState, timeS = noonS): Promise<void> {
  return archives.append(interpretFailure(previous, { timeS, code: 'failed', message: 'it said no' }));
}

async function withKeeper(use: (keeper: Keeper) => Promise<void>): Promise<void> {
  const keeper = await openKeeper(newFolder());
  try {
    await use(keeper);
  } finally {
    await keeper.close();
  }
}

test('shows a failed cycle with the reason from the ledger', () =>
  withKeeper(async (keeper) => {
    let onNews = (): void => {};
    const notified = new Promise<void>((resolve) => {
      onNews = resolve;
    });
    const following = await followCycles(keeper, onNews);
    await fail(keeper, await keeper.archives.latest());
    await notified;
    expect(following.current().failure).toEqual({ sinceS: noonS, text: 'it said no' });
  }));

test('shows the code of a failure whose reason cannot be read', () =>
  withKeeper(async (keeper) => {
    keeper.archives.events = () => Promise.reject(new Error('damaged'));
    await fail(keeper, await keeper.archives.latest());
    const following = await followCycles(keeper, () => {});
    expect(following.current().failure).toEqual({ sinceS: noonS, text: 'failed' });
    await fail(keeper, await keeper.archives.latest(), noonS + 300);
    await new Promise(setImmediate);
    expect(following.current().failure).toEqual({ sinceS: noonS, text: 'failed' });
  }));

test('notices a failure that is stored while it looks up the newest cycle', () =>
  withKeeper(async (keeper) => {
    const latest = keeper.archives.latest.bind(keeper.archives);
    let onNews = (): void => {};
    const notified = new Promise<void>((resolve) => {
      onNews = resolve;
    });
    keeper.archives.latest = async () => {
      const before = await latest();
      await fail(keeper, before);
      return before;
    };
    const following = await followCycles(keeper, onNews);
    await notified;
    expect(following.current().failure).toEqual({ sinceS: noonS, text: 'it said no' });
  }));
