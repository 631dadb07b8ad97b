// All benchmarks, one after the other: figures against a peer that is measured in the same run.
// Run: npm run bench

import { execFileSync } from 'node:child_process';
import { availableParallelism, cpus } from 'node:os';

const rrdtool = execFileSync('rrdtool', ['--version']).toString().split('  ')[0];
console.log(`${availableParallelism()} processors, ${cpus()[0]?.model.trim()}; Node ${process.version}, ${rrdtool}`);
await import('./archives.js');
console.log('\n## A picture: traffic in and out over a day, 760 x 300\n');
await import('./picture.js');
