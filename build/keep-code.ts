// Stores V8's compiled code of the bundled program in a cycle beside it: `main.VERSION.ARCH.cache`, V8's data and then the CRC-32 of the
// bundle and the data, little-endian. V8 compares its version, its flags and the length of the source, but has no checksum of either. It is
// code, so only the build writes it. https://nodejs.org/docs/latest-v20.x/api/vm.html#scriptcreatecacheddata

import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Script } from 'node:vm';
import { crc32 } from 'node:zlib';

type Main = (args: readonly string[]) => Promise<void>;

/** The bundle: a function of the values that Node passes to a module. */
type Start = (
  exports: object,
  require: NodeJS.Require,
  importPackage: (name: string) => Promise<unknown>,
  folder: string,
) => { readonly main: Main };

/** Runs the bundle of a folder and stores its code for the running Node; reports when it cannot run. */
export async function keepCode(folder: string): Promise<void> {
  const filename = join(folder, 'main.cjs');
  const source = readFileSync(filename);
  const script = new Script(source.toString('latin1'), { filename });
  const start = script.runInThisContext() as Start;
  const { main } = start({}, createRequire(filename), (name) => import(name), folder);
  const scratch = mkdtempSync(join(tmpdir(), 'lvs-stats-build-'));
  try {
    await collectTwice(main, scratch);
  } catch (error) {
    process.stderr.write(`lvs-stats: built without a code cache, it starts slower: ${error}\n`);
    return;
  } finally {
    rmSync(scratch, { recursive: true, force: true });
  }
  const code = script.createCachedData();
  const checksum = Buffer.alloc(4);
  checksum.writeUInt32LE(crc32(code, crc32(source)));
  writeFileSync(join(folder, `main.${process.version}.${process.arch}.cache`), Buffer.concat([code, checksum]));
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
