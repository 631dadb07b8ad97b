// The part of the policy that defines probes:
//
//   probes:
//     - name: stale_flows
//       command: [/usr/local/lib/probes/stale-flows, br0]
//       findings:
//         - {when: is above 0, severity: critical, after: 1}

import { isAbsolute } from 'node:path';
import { isProbeName } from '../../model/names/probe-name.js';
import {
  defaultProbeUser,
  maxProbes,
  type Probe,
  type ProbeCheck,
  type ProbeTarget,
  type ProbeTest,
  probeTests,
} from '../../model/policy/probe.js';
import { checked, count, fields, list, value } from './form.js';

const absolute = (about: string) =>
  value({
    values: 'a path from the root',
    about,
    parse: (text) => {
      if (!isAbsolute(text)) throw new Error('write a path from the root, such as /proc/sys/fs/file-nr');
      return text;
    },
  });

const name = value({
  values: 'letters, digits and `_`, 40 at most',
  about: 'the name of the probe, in archives (`probe_NAME`), findings and metrics',
  parse: (text) => {
    if (!isProbeName(text)) throw new Error('begin with a letter, then write up to 39 letters, digits and "_"');
    return text;
  },
});

const command = checked(
  list(
    value({
      values: 'text',
      about: 'a program by its path from the root, then its arguments; it is run without a shell',
      parse: (text) => text,
    }),
  ),
  (words) => {
    if (!isAbsolute(words[0] ?? '')) throw new Error('begin with the path of a program from the root');
  },
);

const user = value({
  values: 'a name, or UID:GID; never root',
  about: `the user as which root runs the command, or reads the file; without it, \`${defaultProbeUser}\``,
  parse: (text) => {
    if (!/^([A-Za-z_][A-Za-z0-9_.-]{0,31}|\d{1,10}:\d{1,10})$/.test(text)) {
      throw new Error('write the name of a user, or UID:GID');
    }
    if (text === 'root' || /^0+:|:0+$/.test(text)) throw new Error('a probe never has the rights of root');
    return text;
  },
});

const when = value({
  values: 'is above N, is below N, is N, is not N, has changed',
  about: 'which values of the probe are wrong',
  parse: parseWhen,
});

const severity = value({
  values: 'warning, critical',
  about: 'how bad that is; without it, warning',
  parse: (text): ProbeCheck['severity'] => {
    if (text !== 'warning' && text !== 'critical') throw new Error('write warning or critical');
    return text;
  },
});

const finding = checked(
  fields(
    { when, severity, after: count('readings after which the finding opens; without it, `findings.open-after`', 100) },
    { required: ['when'] },
  ),
  (own) => {
    if (own.when.test === 'changed' && own.after !== undefined) {
      throw new Error('"has changed" is true of one reading: leave "after" out');
    }
  },
);

const probe = checked(
  fields(
    {
      name,
      command,
      file: absolute('a file to read instead of running a command'),
      user,
      findings: list(finding),
    },
    { required: ['name'], oneOf: ['command', 'file'] },
  ),
  (own) => {
    if (own.command !== undefined && own.file !== undefined) throw new Error('write either "command" or "file"');
  },
);

/** The form of all probes. */
export const probes = checked(list(probe), (all) => {
  if (all.length > maxProbes) throw new Error(`there are ${all.length} probes, but at most ${maxProbes} are run`);
  const names = all.map((own) => own.name);
  const twice = names.find((one, i) => names.indexOf(one) < i);
  if (twice !== undefined) throw new Error(`two probes are called "${twice}"`);
});

type ReadProbe = ReturnType<typeof probe.read>;

/** The probe of its part of the file. */
export function probeOf(own: ReadProbe): Probe {
  return { name: own.name, target: targetOf(own), checks: (own.findings ?? []).map(checkOf) };
}

function targetOf({ command: words, file: path = '', user: named }: ReadProbe): ProbeTarget {
  const as = named ?? defaultProbeUser;
  return words === undefined ? { kind: 'file', path, user: as } : { kind: 'command', words, user: as };
}

function checkOf({ when: { test, limit }, severity: bad, after }: ReturnType<typeof finding.read>): ProbeCheck {
  const openCycles = after ?? (test === 'changed' ? 1 : null);
  return { test, limit, severity: bad ?? 'warning', openCycles };
}

/** Parses `is above 5`. Throws an `Error` that says what may be written. */
function parseWhen(text: string): Pick<ProbeCheck, 'test' | 'limit'> {
  const [, words = '', digits] =
    /^(is above|is below|is not|is|has changed)(?: (-?\d{1,15}(?:\.\d{1,9})?))?$/.exec(text) ?? [];
  const test = (Object.keys(probeTests) as ProbeTest[]).find((one) => probeTests[one] === words);
  if (test === undefined || (test === 'changed') !== (digits === undefined)) {
    throw new Error('write is above N, is below N, is N, is not N or has changed');
  }
  return { test, limit: digits === undefined ? null : Number(digits) };
}
