// Stores V8's compiled code of each part of the bundle in a cycle beside it: `main.VERSION.ARCH.cache`, V8's data and then the CRC-32 of the
// part and the data, little-endian. V8 compares its version, its flags and the length of the source, but has no checksum of either. It is
// code, so only the build writes it. https://nodejs.org/docs/latest-v20.x/api/vm.html#scriptcreatecacheddata

import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Script } from 'node:vm';
import { crc32 } from 'node:zlib';

type Main = (args: readonly string[]) => Promise<void>;

/** A part of the bundle: a function of the values that Node passes to a module, and of what leads to the other part. */
type Start<Given, Exports> = (
  exports: object,
  require: NodeJS.Require,
  importPackage: (name: string) => Promise<unknown>,
  folder: string,
  given: Given,
) => Exports;

/** Loads the rest, given the modules of main. */
type LoadRest = (sharedModules: object) => object;

/** The program of a bundle, loaded into this process as bin/lvs-stats loads it, without kept code. */
export function loadProgram(folder: string): Main {
  const main = new Part(folder, 'main');
  return main.start<LoadRest, { readonly main: Main }>((shared) => new Part(folder, 'rest').start(shared)).main;
}

/** Runs the bundle of a folder and stores its code for the running Node; reports when it cannot run. */
export async function keepCode(folder: string): Promise<void> {
  const [main, rest] = [new Part(folder, 'main'), new Part(folder, 'rest')];
  const started = main.start<LoadRest, { readonly main: Main; readonly sharedModules: object }>((shared) =>
    rest.start(shared),
  );
  const scratch = mkdtempSync(join(tmpdir(), 'lvs-stats-build-'));
  try {
    await collectTwice(started.main, scratch);
  } catch (error) {
    process.stderr.write(`lvs-stats: built without a code cache, it starts slower: ${error}\n`);
    return;
  } finally {
    rmSync(scratch, { recursive: true, force: true });
  }
  rest.start(started.sharedModules);
  for (const part of [main, rest]) part.keep();
}

/** A part of the bundle in a folder. */
class Part {
  readonly #folder: string;
  readonly #name: string;
  readonly #source: Buffer;
  readonly #script: Script;

  constructor(folder: string, name: 'main' | 'rest') {
    const filename = join(folder, `${name}.cjs`);
    this.#folder = folder;
    this.#name = name;
    this.#source = readFileSync(filename);
    this.#script = new Script(this.#source.toString('latin1'), { filename });
  }

  /** Runs it as bin/lvs-stats does. */
  start<Given, Exports>(given: Given): Exports {
    const run = this.#script.runInThisContext() as Start<Given, Exports>;
    const require = createRequire(join(this.#folder, `${this.#name}.cjs`));
    return run({}, require, (name) => import(name), this.#folder, given);
  }

  /** Stores the code of all that has run. */
  keep(): void {
    const code = this.#script.createCachedData();
    const checksum = Buffer.alloc(4);
    checksum.writeUInt32LE(crc32(code, crc32(this.#source)));
    const name = `${this.#name}.${process.version}.${process.arch}.cache`;
    writeFileSync(join(this.#folder, name), Buffer.concat([code, checksum]));
  }
}

const head = 'IP Virtual Server version 1.2.1 (size=4096)\nProt LocalAddress:Port';
const stats = `${head} Conns InPkts OutPkts InBytes OutBytes
  -> RemoteAddress:Port
TCP  192.0.2.1:80 1 1 1 1 1
  -> 10.0.0.1:80 1 1 1 1 1
`;
const table = `${head} Scheduler Flags
  -> RemoteAddress:Port Forward Weight ActiveConn InActConn
TCP  192.0.2.1:80 wrr
  -> 10.0.0.1:80 Masq 1 0 0
`;

/** Collects into a new database, and into an existing one. Reads nothing of the machine or its settings. */
async function collectTwice(main: Main, scratch: string): Promise<void> {
  for (const name of Object.keys(process.env)) if (name.startsWith('LVS_STATS_')) delete process.env[name];
  const file = (name: string, text: string): string => {
    const path = join(scratch, name);
    writeFileSync(path, text, { mode: 0o700 });
    return path;
  };
  const [statsFile, tableFile, config] = [file('stats', stats), file('table', table), file('settings.yaml', '')];
  const ipvsadm = file(
    'ipvsadm',
    `#!/bin/sh\ncase "$*" in *--stats*) exec cat '${statsFile}';; *) exec cat '${tableFile}';; esac\n`,
  );
  const options = [
    '--no-pictures',
    '--quiet',
    '--config',
    config,
    '--ipvsadm',
    ipvsadm,
    '--data',
    join(scratch, 'data'),
  ];
  for (let cycle = 1; cycle <= 2; cycle += 1) {
    await main(['collect', ...options]);
    if ((process.exitCode ?? 0) !== 0) {
      process.exitCode = 0;
      throw new Error('the program that was built does not collect');
    }
  }
}
