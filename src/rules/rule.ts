// Rules for Prometheus, and their text in YAML. https://prometheus.io/docs/prometheus/latest/configuration/recording_rules/

import { durationText } from './times.js';

/** A rule that records a series. */
export interface Recording {
  readonly record: string;
  readonly expr: string;
}

/** An alert. */
export interface Alerting {
  readonly alert: string;
  readonly expr: string;
  /** Seconds that it has to be true before it fires. */
  readonly forS: number;
  readonly labels: Readonly<Record<string, string>>;
  readonly summary: string;
}

/** A rule, and why it is as it is. */
export type Rule = (Recording | Alerting) & { readonly why?: string };

/** Rules that are evaluated one after another. */
export interface RuleGroup {
  readonly name: string;
  readonly why: string;
  /** Seconds between evaluations; null for those of Prometheus. */
  readonly intervalS: number | null;
  readonly rules: readonly Rule[];
}

/** The groups as a file. */
export function rulesText(groups: readonly RuleGroup[]): string {
  return `groups:\n${groups.map(groupText).join('')}`;
}

function groupText({ name, why, intervalS, rules }: RuleGroup): string {
  const interval = intervalS === null ? '' : `    interval: ${durationText(intervalS)}\n`;
  return `${comment(why, 2)}  - name: ${name}\n${interval}    rules:\n${rules.map(ruleText).join('')}`;
}

function ruleText(rule: Rule): string {
  const { why, expr } = rule;
  const about = why === undefined ? '' : comment(why, 6);
  const [head, ...more] = 'record' in rule ? [`record: ${rule.record}`] : [`alert: ${rule.alert}`, ...alertLines(rule)];
  return `${about}${[`      - ${head}`, ...exprLines(expr), ...more].join('\n')}\n`;
}

function exprLines(expr: string): readonly string[] {
  const lines = expr.split('\n');
  if (lines.length === 1 && /^[a-z(8]/.test(expr) && !/: | #/.test(expr)) return [`        expr: ${expr}`];
  return ['        expr: |-', ...lines.map((line) => `          ${line}`)];
}

function alertLines({ forS, labels, summary }: Alerting): readonly string[] {
  return [
    ...(forS === 0 ? [] : [`        for: ${durationText(forS)}`]),
    '        labels:',
    ...Object.entries(labels).map(([name, value]) => `          ${name}: ${JSON.stringify(value)}`),
    '        annotations:',
    `          summary: ${JSON.stringify(summary)}`,
  ];
}

/** A text as lines of comment. */
export function comment(text: string, indent: number): string {
  const lines: string[] = [];
  for (const word of text.split(' ')) {
    const last = lines.at(-1);
    if (last === undefined || last.length + word.length > 130 - indent) lines.push(word);
    else lines[lines.length - 1] = `${last} ${word}`;
  }
  return lines.map((line) => `${' '.repeat(indent)}# ${line}\n`).join('');
}
