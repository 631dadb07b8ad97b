// `lvs-stats survive`: says which losses each service survives, and what is missing.

import { hostname } from 'node:os';
import { type Command, Option } from 'commander';
import { lendOf } from '../cli/lend.js';
import { workAsOwner } from '../cli/owner.js';
import { addPolicyOption, readPolicy } from '../cli/policy/policy-file.js';
import { addCommand, printText, say } from '../cli/settings.js';
import { type SurviveReport, surviveFormats, surviveGrade } from '../cli/survive/survive-output.js';
import { exitCodes } from '../model/finding/verdict.js';
import { partnersOf } from '../model/policy/redundancy.js';
import type { ServiceSurvival } from '../model/redundancy/survival.js';
import { lossesWithout, placeNamed } from '../model/redundancy/without.js';
import { readSurvivals } from '../render/redundancy/read-survivals.js';

const help = `
For each service: whether it survives the loss of a real server, a host, a rack, a data centre, or this director, and the load on the heaviest of the
other real servers at the peak of the last 30 days. The policy says where hosts stand (topology), which loss a service has to survive (redundancy),
and which directors stand in for each other (groups).

Exit codes: 0 all services survive what they have to (a host, unless the policy requires something), 1 real servers would be overloaded, 2 nothing
would be left, 3 not known or wrong usage.

Examples:
  lvs-stats survive
  lvs-stats survive --without r01             before work on a rack
  lvs-stats survive --without 10.0.3.12 --format json`;

interface SurviveOptions {
  readonly data: string;
  readonly policy?: string;
  readonly director: string;
  readonly without?: string;
  readonly format: 'table' | 'json' | 'nagios';
}

/** Adds the command. */
export function addSurvive(program: Command): void {
  addPolicyOption(
    addCommand(program, 'survive', {
      group: 'Watch',
      description: 'Says which losses each service survives.',
    }),
  )
    .option('--without <place>', 'the loss of this host, rack or data centre only')
    .addOption(
      new Option('--director <name>', 'name of the director in "groups" of the policy').default(
        hostname(),
        "this machine's name",
      ),
    )
    .addOption(new Option('--format <format>', 'output format').choices(['table', 'json', 'nagios']).default('table'))
    .addHelpText('after', help)
    .action(survive);
}

async function survive({ data, policy: file, director, without, format }: SurviveOptions): Promise<void> {
  workAsOwner(data);
  const { policy, problem } = await readPolicy(file, () => Date.now() / 1000);
  if (problem !== null) say(problem.text, { level: 'error', code: 'bad-config' });
  const services = await lendOf(data)(async (archives) => {
    const known = await archives.latest();
    const all: ServiceSurvival[] = [];
    for await (const service of readSurvivals(archives, { known, policy, director })) all.push(service);
    return all;
  });
  const { topology, groups, thresholds } = policy;
  const place =
    without === undefined
      ? null
      : placeNamed(
          without,
          topology,
          services.flatMap(({ standings }) => standings),
        );
  const report: SurviveReport = {
    services,
    without: place && { place, losses: lossesWithout(place, services, { allowed: thresholds.spare }) },
    hasTopology: topology.hosts.length > 0,
    partners: partnersOf(groups, director),
    allowed: thresholds.spare,
  };
  printText(surviveFormats[format](report));
  const grade = surviveGrade(report);
  // A policy that is not in force leaves open what is required, and where hosts stand.
  process.exitCode = exitCodes[problem !== null && grade === 'ok' ? 'unknown' : grade];
}
