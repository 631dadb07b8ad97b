// One test of the rules in YAML: the series of a world, and the alerts that fire at some times, with their whole labels and texts.

import { type Alerting, comment, type Rule } from './rule.js';
import type { World } from './test-world.js';
import { durationText, type RuleTimes } from './times.js';

/** An alert that fires. */
export interface Firing {
  readonly alert: string;
  /** Its labels beside those of the rule. */
  readonly labels: Readonly<Record<string, string>>;
  readonly value: number;
  /** Without it, the rule's first. */
  readonly severity?: string;
}

/** The alerts that fire at a time after the death. */
interface Check {
  readonly afterS: number;
  readonly alert: string;
  readonly fires: readonly Firing[];
}

/** A test. */
export interface Example {
  readonly title: string;
  readonly world: World;
  readonly checks: readonly Check[];
}

/** Its text. */
export function exampleOf({ title, world, checks }: Example, { scrapeS }: RuleTimes, rules: readonly Rule[]): string {
  const series = world
    .series()
    .map(([name, values]) => `      - {series: ${JSON.stringify(name)}, values: '${values}'}\n`);
  const tests = checks.map(({ afterS, alert, fires }) => {
    const expected = fires.map((firing) => `          - ${JSON.stringify(expectedOf(firing, rules))}\n`);
    const head = `      - eval_time: ${durationText(world.deathS + Math.max(0, afterS))}\n        alertname: ${alert}\n`;
    return `${head}${expected.length === 0 ? '        exp_alerts: []\n' : `        exp_alerts:\n${expected.join('')}`}`;
  });
  return [
    comment(title, 2),
    `  - interval: ${durationText(scrapeS)}\n`,
    `    input_series:\n${series.join('')}`,
    `    alert_rule_test:\n${tests.join('')}`,
  ].join('');
}

function expectedOf({ alert, labels, value, severity }: Firing, rules: readonly Rule[]): object {
  const rule = rules.find(
    (one): one is Alerting =>
      'alert' in one && one.alert === alert && (severity === undefined || one.labels['severity'] === severity),
  );
  const fill = (text: string): string =>
    text
      .replaceAll('{{ $value }}', String(value))
      .replaceAll(/\{\{ \$labels\.(\w+) \}\}/g, (_, name: string) => labels[name] ?? '');
  const known = Object.entries(labels).filter(([, text]) => text !== '');
  const own = Object.entries(rule?.labels ?? {}).map(([name, text]) => [name, fill(text)] as const);
  return {
    exp_labels: Object.fromEntries([...known, ...own]),
    exp_annotations: { summary: fill(rule?.summary ?? '') },
  };
}
