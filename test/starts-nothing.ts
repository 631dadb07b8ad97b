// Loaded before each file of the project `unit`: a program that one of them starts is an error.

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
