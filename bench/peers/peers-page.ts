// The figures of pools of peers as rows and sentences of the page of results.

import type { Comparison, Goal, Unit } from '../comparison.js';
import { formatQuantity, formatSpread } from '../quantity-text.js';
import { meanOf, spreadOf } from '../statistics.js';
import type { PoolFigures } from './peers.js';

/** The page's parts. */
export const peersPage = { rows, notes };

function rows({ size, alone, together, memory, killed, hung, dead }: PoolFigures): readonly Comparison[] {
  const row = (what: string, unit: Unit, values: readonly number[], target?: Goal): Comparison => ({
    work: `${size} peers: ${what}`,
    ours: { unit, values },
    ...{ peer: null, theirs: null, ...(target && { target }) },
  });
  return [
    row('bytes a minute on the interface of a host, Serf alone', 'bytes', alone.bytesPerMin),
    row('bytes a minute on the interface of a host, Serf and agent', 'bytes', together.bytesPerMin),
    row(
      'processor time of an agent in a second',
      'ms',
      together.agentCores.map((one) => one * 1000),
      atMost('10 ms', 10),
    ),
    row(
      'processor time of Serf in a second',
      'ms',
      together.serfCores.map((one) => one * 1000),
    ),
    row(
      'resident memory of an agent',
      'bytes',
      memory.map(({ residentBytes }) => residentBytes),
      atMost('90 MiB', 90 * 2 ** 20),
    ),
    row(
      'the same, shared pages in proportion',
      'bytes',
      memory.map(({ proportionalBytes }) => proportionalBytes),
    ),
    row('a killed application, first observer', 'ms', killed.firstMs),
    row('a killed application, second observer', 'ms', killed.secondMs, atMost('10 s', 10_000)),
    row('a hung application, second observer', 'ms', hung.secondMs),
    row('a dead host, first observer', 'ms', dead.firstMs),
    row('a dead host, second observer', 'ms', dead.secondMs),
  ];
}

function atMost(text: string, limit: number): Goal {
  return { text, atMost: limit };
}

function notes(own: PoolFigures): readonly string[] {
  const { size, joinedMs, judgingMs, alone, together, queries, killed, hung, dead, pairs, partitions } = own;
  const bytes = (value: number): string => formatQuantity(value, 'bytes');
  const falseVerdicts = killed.falseVerdicts + hung.falseVerdicts + dead.falseVerdicts;
  const { falseDeaths, runs, peaceMs, rightVerdicts } = partitions;
  return [
    `${size} peers: all Serfs knew all members ${formatQuantity(joinedMs, 'ms')} after the last had started, and all agents judged ${formatQuantity(judgingMs, 'ms')} after the last of them. A host sent and received ${Math.round(meanOf(alone.packetsPerMin))} packets a minute without agents, ${Math.round(meanOf(together.packetsPerMin))} with them. A poll of all members costs each ${bytes(queries.pollBytes)} on the average, a question to three ${bytes(queries.questionBytes)}.`,
    `${size} peers: ${killed.secondMs.length} killed applications (second observer after ${formatQuantity(Math.min(...killed.secondMs), 'ms')} to ${formatQuantity(Math.max(...killed.secondMs), 'ms')}), ${hung.secondMs.length} hung ones and ${dead.secondMs.length} dead hosts; ${falseVerdicts} verdicts about anything else. ${pairs.pairs} pairs cut for ${pairs.lastedS} s: ${pairs.noticed} were noticed, and ${pairs.falseVerdicts} verdicts made.`,
    runs === 0
      ? `${size} peers: no partition.`
      : `${size} peers: ${runs} partitions and their healing, ${falseDeaths.length} false deaths, ${rightVerdicts} verdicts of larger sides on what they had lost. Nobody was named and all judged again ${formatSpread(spreadOf(peaceMs), 'ms')} after the healing.`,
    ...falseDeaths.slice(0, 10).map((text) => `${size} peers: a false death: ${text}.`),
  ];
}
