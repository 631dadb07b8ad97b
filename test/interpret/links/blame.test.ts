// Blame: cases by hand, then fleets of many shapes in which something is cut, of which the cuts must be what was cut and nothing else.

import { describe, expect, test } from 'vitest';
import { cutsOf, type JudgedLink, latestNamingS } from '../../../src/interpret/links/blame.js';
import { randomFrom } from '../../random.js';
import { seed } from '../../seed.js';

const cutS = 10_000;

interface Ends {
  readonly observer: string;
  readonly target: string;
}

/** The data centre of a host is the beginning of its name. */
const dcOf = (host: string): string => host.split('-')[0] ?? '';

function link({ observer, target }: Ends, isLost: boolean, lastS = cutS + 120): JudgedLink {
  return { observer, target, fromDc: dcOf(observer), toDc: dcOf(target), lostS: isLost ? cutS : null, lastS };
}

/** The links of a drawing such as `tx-a>tx-b! tx-a>tx-c`, lost where marked. */
function drawn(text: string): readonly JudgedLink[] {
  return text.split(' ').map((one) => {
    const [observer = '', target = ''] = one.replace('!', '').split('>');
    return link({ observer, target }, one.endsWith('!'));
  });
}

const named = (links: readonly JudgedLink[], nowS = cutS + latestNamingS): readonly string[] =>
  cutsOf(links, nowS).map(({ blame, subject }) => `${blame} ${subject}`);

describe('blame', () => {
  test.each([
    ['nothing', 'tx-a>tx-b tx-c>tx-b', []],
    ['one link among others of both ends', 'tx-a>tx-b! tx-a>tx-c tx-c>tx-b', ['pair tx-a/tx-b']],
    ['one link that nobody else can judge', 'tx-a>tx-b!', ['pair tx-a/tx-b']],
    ['a target that two lose', 'tx-a>tx-b! tx-c>tx-b! tx-a>tx-c tx-c>tx-a', ['target tx-b']],
    [
      'a target that two of five lose',
      'tx-a>tx-z! tx-b>tx-z! tx-c>tx-z tx-d>tx-z tx-e>tx-z',
      ['pair tx-a/tx-z', 'pair tx-b/tx-z'],
    ],
    ['an observer that loses what others reach', 'tx-a>tx-b! tx-a>tx-c! tx-d>tx-b tx-d>tx-c', ['observer tx-a']],
    ['an observer that loses half', 'tx-a>tx-b! tx-a>tx-c tx-d>tx-b tx-d>tx-c', ['pair tx-a/tx-b']],
    ['all three links of an observer that is alone', 'tx-a>tx-b! tx-a>tx-c! tx-a>tx-d!', ['observer tx-a']],
    [
      'two observers of the same dead hosts',
      'tx-a>tx-y! tx-a>tx-z! tx-b>tx-y! tx-b>tx-z!',
      ['target tx-y', 'target tx-z'],
    ],
    [
      'a way, whose ends are well otherwise',
      'tx-a>fr-y! tx-a>fr-z! tx-b>fr-y! tx-b>fr-z! fr-y>fr-z fr-z>fr-y tx-a>tx-b',
      ['dcs fr~tx'],
    ],
    ['a way in both directions', 'tx-a>fr-y! fr-y>tx-a! tx-b>fr-z! fr-z>tx-b! fr-y>fr-z fr-z>fr-y', ['dcs fr~tx']],
    [
      'a data centre that is dead',
      'tx-a>fr-y! uk-b>fr-y! tx-a>fr-z! uk-b>fr-z! tx-a>uk-b',
      ['target fr-y', 'target fr-z'],
    ],
    ['links of two ends that nobody else watches', 'tx-a>fr-y! tx-b>fr-z! tx-a>tx-b tx-b>tx-a', ['dcs fr~tx']],
  ] as const)('names %s', (_, text, expected) => {
    expect(named(drawn(text))).toEqual(expected);
  });

  test('does not know ways where data centres are unknown', () => {
    const links = drawn('tx-a>fr-y! tx-b>fr-z! tx-a>tx-b tx-b>tx-a').map((own) => ({ ...own, toDc: null }));
    expect(named(links)).toEqual(['pair tx-a/fr-y', 'pair tx-b/fr-z']);
  });

  test('waits until everybody who could tell has reported, and no longer than their round takes', () => {
    const early = link({ observer: 'tx-a', target: 'tx-b' }, true, cutS + 95);
    const late = (lastS: number): JudgedLink => link({ observer: 'tx-c', target: 'tx-b' }, false, lastS);
    expect(named([early, late(cutS + 80)], cutS + 100)).toEqual([]);
    expect(named([early, late(cutS + 95)], cutS + 100)).toEqual(['pair tx-a/tx-b']);
    expect(named([early, late(cutS + 80)], cutS + latestNamingS)).toEqual(['pair tx-a/tx-b']);
  });

  test('counts links, observers and targets of a cut', () => {
    expect(cutsOf(drawn('tx-a>tx-z! tx-b>tx-z! tx-c>tx-z tx-a>tx-c'), cutS + latestNamingS)).toEqual([
      {
        blame: 'target',
        subject: 'tx-z',
        sinceS: cutS,
        lost: 2,
        links: 3,
        observers: ['tx-a', 'tx-b'],
        targets: ['tx-z'],
      },
    ]);
  });
});

/** A fleet: each host of some data centres watches ten others, half of them at home. */
function fleetOf(random: () => number, dcs: number, hosts: number): readonly Ends[] {
  const names = Array.from({ length: dcs * hosts }, (_, i) => `dc${i % dcs}-host${Math.floor(i / dcs)}`);
  return names.flatMap((observer) => {
    const targets = new Set<string>();
    while (targets.size < 10) {
      const target = names[Math.floor(random() * names.length)] ?? '';
      const isWanted = targets.size >= 5 || dcOf(target) === dcOf(observer);
      if (target !== observer && isWanted) targets.add(target);
    }
    return [...targets].map((target) => ({ observer, target }));
  });
}

describe('blame in fleets', () => {
  const shapes = [
    [2, 40],
    [3, 20],
    [6, 15],
    [6, 60],
  ] as const;
  const cuts: Readonly<Record<string, (ends: Ends, chosen: Ends) => boolean>> = {
    observer: ({ observer }, chosen) => observer === chosen.observer,
    target: ({ target }, chosen) => target === chosen.target,
    dcs: (ends, chosen) => wayText(ends) === wayText(chosen),
    pair: (ends, chosen) => ends === chosen,
  };
  const wayText = ({ observer, target }: Ends): string => [dcOf(observer), dcOf(target)].toSorted().join('~');

  test.each(shapes)('names what is cut, once: %i data centres of %i hosts', (dcs, hosts) => {
    const random = randomFrom(seed);
    const counts = { right: 0, all: 0 };
    for (let round = 0; round < 40; round++) {
      const fleet = fleetOf(random, dcs, hosts);
      for (const [blame, isCut] of Object.entries(cuts)) {
        const able = fleet.filter((ends) => blame !== 'dcs' || dcOf(ends.observer) !== dcOf(ends.target));
        const chosen = able[Math.floor(random() * able.length)];
        if (chosen === undefined) throw new Error('no link');
        const links = fleet.map((ends) => link(ends, isCut(ends, chosen)));
        const subjects: Readonly<Record<string, string>> = {
          observer: chosen.observer,
          target: chosen.target,
          dcs: wayText(chosen),
          pair: `${chosen.observer}/${chosen.target}`,
        };
        // A target that only one watches cannot be told from the link.
        const isAlone = fleet.filter(({ target }) => target === chosen.target).length === 1;
        const expected =
          blame === 'target' && isAlone ? `pair ${chosen.observer}/${chosen.target}` : `${blame} ${subjects[blame]}`;
        counts.all += 1;
        if (named(links).join() === expected) counts.right += 1;
      }
    }
    expect(counts).toEqual({ right: counts.all, all: 160 });
  });

  test.each(shapes)('names a dead observer and a dead target at once: %i data centres of %i hosts', (dcs, hosts) => {
    const random = randomFrom(seed + 1);
    for (let round = 0; round < 20; round++) {
      const fleet = fleetOf(random, dcs, hosts);
      const { observer } = fleet[Math.floor(random() * fleet.length)] ?? { observer: '' };
      const watchers = new Map<string, number>();
      for (const ends of fleet) {
        if (ends.observer !== observer) watchers.set(ends.target, (watchers.get(ends.target) ?? 0) + 1);
      }
      const able = fleet.filter(({ target }) => target !== observer && (watchers.get(target) ?? 0) > 1);
      const { target } = able[Math.floor(random() * able.length)] ?? { target: '' };
      const links = fleet.map((ends) => link(ends, ends.observer === observer || ends.target === target));
      expect(named(links)).toEqual([`observer ${observer}`, `target ${target}`]);
    }
  });
});
