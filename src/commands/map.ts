// `lvs-stats map`: who talks to whom, by the director's table, agents and a data file.

import { hostname } from 'node:os';
import { type Command, InvalidArgumentError, Option } from 'commander';
import { lendOf } from '../cli/lend.js';
import { mapFormats } from '../cli/map/map-output.js';
import { workAsOwner } from '../cli/owner.js';
import { addPolicyOption } from '../cli/policy/policy-file.js';
import { addCommand, printText, say } from '../cli/settings.js';
import { readMapFacts } from '../cycle/map-facts.js';
import type { MapQuestion } from '../map/choose/choice.js';
import { lossOf } from '../map/choose/loss.js';
import { mapOf } from '../map/choose/map-of.js';
import { askedVip } from '../map/choose/uses.js';
import { countUses, type UsesReport } from '../map/count-uses.js';
import { buildGraph } from '../map/graph/build-graph.js';
import type { FleetGraph } from '../map/graph/fleet-graph.js';
import { nothingAdded } from '../map/map-input.js';
import { placedPools } from '../map/placed-pools.js';
import { type MapAxis, mapAxes } from '../model/map/fleet-map.js';
import { UserError } from '../model/user-error.js';

const help = `
Virtual services come from the director's table, connections and links from agents ("lvs-stats agent"), places from the topology of the policy. Roles
are folded, or data centres or racks with --by; those that --expand names are shown one by one. Without a server with agents, this is the map of the table alone.

Examples:
  lvs-stats map
  lvs-stats map --between web,db --expand db
  lvs-stats map --by dc --expand tx
  lvs-stats map --uses 192.0.2.10               who still uses this virtual address
  lvs-stats map --without www01                 what breaks if this host dies
  lvs-stats map --unknown                       what is in no configuration
  lvs-stats map --format svg > map.svg`;

interface MapOptions {
  readonly data: string;
  readonly director: string;
  readonly policy?: string;
  readonly format: 'table' | 'json' | 'svg' | 'dot' | 'cypher';
  readonly by: MapAxis;
  readonly between?: readonly [string, string];
  readonly exclude: readonly string[];
  readonly expand: readonly string[];
  readonly search?: string;
  readonly uses?: string;
  readonly without?: string;
  readonly unknown?: true;
  readonly add?: string;
}

/** Adds the command. */
export function addMap(program: Command): void {
  const formats = ['table', 'json', 'svg', 'dot', 'cypher'];
  addPolicyOption(addCommand(program, 'map', { group: 'Watch', description: 'Shows who talks to whom.' }))
    .addOption(new Option('--by <place>', 'fold nodes by this').choices(mapAxes).default('role'))
    .addOption(new Option('--between <roles>', 'what is between two roles, such as web,db').argParser(parsePair))
    .addOption(new Option('--exclude <list>', 'roles and networks to hide').argParser(parseList).default([], 'none'))
    .addOption(new Option('--expand <roles>', 'roles whose members are shown').argParser(parseList).default([], 'none'))
    .option('--search <text>', 'nodes with this in their name or address, and what they talk to')
    .option('--uses <vip>', 'who uses this virtual address, or VIP:PORT')
    .option('--without <place>', 'what breaks if this host, rack or data centre is lost')
    .addOption(new Option('--director <name>', 'name of the director').default(hostname(), "this machine's name"))
    .option('--unknown', 'what talks to these hosts and is in no configuration')
    .option('--add <file>', 'further nodes and edges, in YAML or JSON')
    .addOption(new Option('--format <format>', 'output format').choices(formats).default('table'))
    .addHelpText('after', help)
    .action(map);
}

function parseList(text: string): readonly string[] {
  const all = text.split(',').map((own) => own.trim());
  if (all.includes('')) throw new InvalidArgumentError('Write names with commas between them.');
  return all;
}

function parsePair(text: string): readonly [string, string] {
  const [a, b, ...more] = parseList(text);
  if (a === undefined || b === undefined || more.length > 0) throw new InvalidArgumentError('Name two roles: web,db.');
  return [a, b];
}

async function map(options: MapOptions): Promise<void> {
  const { data, policy, format, by, between = null, exclude, expand, search = null, add } = options;
  const questions = [options.uses, options.without, options.unknown].filter((one) => one !== undefined);
  if (questions.length > 1) throw new UserError('bad-command', 'use one of --uses, --without and --unknown');
  const added = add === undefined ? nothingAdded : (await import('../cli/map/added-file.js')).readAdded(add);
  workAsOwner(data);
  const facts = await readMapFacts(lendOf(data), data, policy);
  const { input, pools } = facts;
  const graph = buildGraph({ ...input, added });
  const { topology } = input;
  const directors = { own: options.director, groups: facts.groups };
  const ground = { graph, topology, directors };
  const without =
    options.without === undefined ? null : lossOf({ ...ground, pools: placedPools(pools, ground) }, options.without);
  const question = without?.question ?? questionOf(options);
  const shown = mapOf(graph, { by, between, exclude, expand, search, question });
  const uses = options.uses === undefined ? null : await usesNow(options, { graph, timeS: facts.timeS });
  printText(mapFormats[format]({ map: shown, without: without?.report ?? null, uses }));
  const leftOut = input.agents.filter((agent) => agent.leftOut > 0).map(({ name }) => name);
  if (leftOut.length > 0) say(`the server could not keep all connections of ${leftOut.join(', ')}: see docs/map.md`);
}

function usesNow(
  { data, uses = '' }: MapOptions,
  { graph, timeS }: { readonly graph: FleetGraph; readonly timeS: number },
): Promise<UsesReport> {
  const asked = askedVip(graph, uses);
  return lendOf(data)((source) => countUses(asked, { source, timeS, isNow: true }));
}

function questionOf({ uses, unknown }: MapOptions): MapQuestion | null {
  if (uses !== undefined) return { kind: 'uses', vip: uses };
  return unknown === true ? { kind: 'unknown' } : null;
}
