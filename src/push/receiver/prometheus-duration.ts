// Lengths of time as Prometheus writes them: `30d`, `1h30m`, `0s`. https://prometheus.io/docs/prometheus/latest/configuration/configuration/

const unitsS: ReadonlyMap<string, number> = new Map([
  ['ms', 0.001],
  ['s', 1],
  ['m', 60],
  ['h', 3600],
  ['d', 86_400],
  ['w', 7 * 86_400],
  ['y', 365 * 86_400],
]);

/** Seconds; 0 if the text is no length of time. */
export function durationS(text: string): number {
  if (!/^(\d+(ms|[smhdwy]))+$/.test(text)) return 0;
  const parts = [...text.matchAll(/(\d+)(ms|[smhdwy])/g)];
  return parts.reduce((sum, [, count, unit = '']) => sum + Number(count) * (unitsS.get(unit) ?? 0), 0);
}
