// Loaded before each file of the project `unit`: throws if a test starts a program.

import childProcess from 'node:child_process';
import { syncBuiltinESMExports } from 'node:module';

const refuse = (file: unknown): never => {
  throw new Error(
    `a test of the project "unit" starts ${file}: see test/projects.ts for which project its file belongs to`,
  );
};

Object.assign(childProcess, {
  spawn: refuse,
  spawnSync: refuse,
  exec: refuse,
  execSync: refuse,
  execFile: refuse,
  execFileSync: refuse,
  fork: refuse,
});
syncBuiltinESMExports();
