// Reads what a plugin of monitoring prints, by the guidelines of the Monitoring Plugins
// (https://www.monitoring-plugins.org/doc/guidelines.html, "Plugin Output for Nagios", "Performance data").

/** A value of the performance data; null for U, a value that is not known. */
interface PluginValue {
  readonly value: number | null;
  readonly unit: string;
  /** Ranges outside which the value is a warning or critical; empty if there is none. */
  readonly warning: string;
  readonly critical: string;
  readonly least: string;
  readonly most: string;
}

/** The output of a plugin. */
export interface PluginOutput {
  /** `LVS CRITICAL`. */
  readonly status: string;
  readonly text: string;
  readonly data: ReadonlyMap<string, PluginValue>;
}

const number = '-?\\d+(?:\\.\\d+)?';
const range = `@?(?:(?:~|${number})?:)?(?:${number})?`;
const value = new RegExp(
  `^(?:'((?:[^'=]|'')+)'|([^\\s'=]+))=(U|${number})(s|us|ms|%|B|KB|MB|TB|c)?(?:;(${range}))?(?:;(${range}))?(?:;(${number})?)?(?:;(${number})?)?$`,
);

/** Reads an output of one line. Throws an `Error` that says which rule it breaks. */
export function parsePluginOutput(output: string): PluginOutput {
  const [line = '', ...more] = output.replace(/\n$/, '').split('\n');
  if (more.length > 0) throw new Error(`it has ${more.length + 1} lines`);
  const parts = line.split('|');
  if (parts.length !== 2) throw new Error(`it has ${parts.length} parts instead of a text and performance data`);
  const [, status = '', text = ''] = /^(\S+ (?:OK|WARNING|CRITICAL|UNKNOWN)): (.+\S) $/.exec(parts[0] ?? '') ?? [];
  if (status === '') throw new Error(`"${parts[0]}" is not SERVICE STATUS: INFORMATION`);
  const words = (parts[1] ?? '').trim().split(' ');
  const data = words.map((word): [string, PluginValue] => {
    const match = value.exec(word);
    if (match === null) throw new Error(`"${word}" is not 'label'=value[unit];[warning];[critical];[least];[most]`);
    const [, quoted, plain, read = '', unit = '', warning = '', critical = '', least = '', most = ''] = match;
    const own = { value: read === 'U' ? null : Number(read), unit, warning, critical, least, most };
    return [quoted ?? plain ?? '', own];
  });
  return { status, text, data: new Map(data) };
}
