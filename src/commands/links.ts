// `lvs-stats links`: what agents say about the links between hosts; queries of their table; and their keys.

import { type Command, Option } from 'commander';
import { lendOf } from '../cli/lend.js';
import { linksFormats, linksParts } from '../cli/links/links-output.js';
import { workAsOwner } from '../cli/owner.js';
import { addCommand, print, printText, say } from '../cli/settings.js';
import { exitCodes } from '../model/finding/verdict.js';
import { linksGrade } from '../model/links/links-summary.js';
import { agentNamePattern } from '../model/links/report.js';
import { agentsAlone, type LinksView } from '../model/links/view.js';
import { UserError } from '../model/user-error.js';

const help = `
Agents on hosts ("lvs-stats agent") ping what these hosts use, and report to "lvs-stats serve --agents FILE". A link is lost when nine of its newest
ten pings are, which are 10 s apart; lossy when 3 of 30 are; slow at three times its usual round-trip time; stale when its agent is silent. The policy may set other thresholds.

Exit codes: 0 nothing is cut, 1 links are lost, 2 two data centres do not reach each other, 3 agents are silent, nobody reports, or wrong usage.

Examples:
  lvs-stats links
  lvs-stats links --format nagios
  lvs-stats links --sql 'SELECT * FROM data ORDER BY disconnect DESC'
  lvs-stats links --token web01 --agents /etc/lvs-stats/agents.secret      the key of the agent web01`;

interface LinksOptions {
  readonly data: string;
  readonly format: 'table' | 'json' | 'csv' | 'nagios';
  readonly sql?: string;
  readonly token?: string;
  readonly agents?: string;
}

/** Adds the command. */
export function addLinks(program: Command): void {
  addCommand(program, 'links', { group: 'Watch', description: 'Says whether hosts reach each other.' })
    .option('--sql <query>', 'query the table "data" of agents')
    .option('--token <name>', "print an agent's key")
    .option('--agents <file>', 'the secret of keys, for --token')
    .addOption(
      new Option('--format <format>', 'output format; csv is for --sql')
        .choices(['table', 'json', 'csv', 'nagios'])
        .default('table'),
    )
    .addHelpText('after', help)
    .action(links);
}

async function links({ data, format, sql, token, agents }: LinksOptions): Promise<void> {
  if (token !== undefined) {
    if (sql !== undefined) throw new UserError('bad-command', 'use either --token or --sql');
    print(await keyOf(token, agents));
    return;
  }
  if (agents !== undefined) throw new UserError('bad-command', '--agents goes with --token');
  workAsOwner(data);
  const part = sql !== undefined || format === 'csv' ? agentsAlone : linksParts[format];
  const view = await lendOf(data)((archives) => archives.links(part));
  if (view === null) {
    throw new UserError(
      'no-agents',
      `no agents report to a server of ${data}: start one with "lvs-stats serve --agents FILE" (docs/links.md)`,
    );
  }
  if (sql !== undefined) await printQuery(view, sql, format);
  else {
    if (format === 'csv') throw new UserError('bad-command', '--format csv goes with --sql');
    printText(linksFormats[format](view));
    process.exitCode = exitCodes[linksGrade(view)];
  }
}

async function keyOf(name: string, file: string | undefined): Promise<string> {
  if (!agentNamePattern.test(name)) {
    throw new UserError(
      'bad-command',
      `"${name}" is no name of an agent: use letters, digits, ".", "_" and "-", at most 63`,
    );
  }
  if (file === undefined) throw new UserError('bad-command', '--token needs --agents FILE, as "serve" has it');
  const { readSecrets } = await import('../links/protocol/secrets.js');
  const { agentKey } = await import('../links/protocol/authorization.js');
  const [secret = ''] = readSecrets(file);
  return agentKey(secret, name);
}

async function printQuery(view: LinksView, sql: string, format: LinksOptions['format']): Promise<void> {
  if (format === 'nagios') throw new UserError('bad-command', '--format nagios does not go with --sql');
  const { querySql, sqlLimits } = await import('../links/sql/query-sql.js');
  const { cutRemark, sqlFormats } = await import('../cli/links/sql-output.js');
  const result = await querySql(view.agents, sql, sqlLimits);
  printText(sqlFormats[format](result));
  if (format === 'csv' && result.isCut) say(cutRemark(result));
}
