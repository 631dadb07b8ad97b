// keep.mjs DIR [before|after]: a server without pages. Keeps the database of a data folder until SIGTERM; prints `open`, then a
// line of JSON per cycle. With a second argument it dies at its first write: before the write, or between the write and its
// answer.

import { setPatience } from '../../../dist/model/patience.js';
import { openKeeper } from '../../../dist/store/shared/keeper.js';
import { Store } from '../../../dist/store/store.js';

const [dataDir, moment] = process.argv.slice(2);
setPatience('100');

if (moment !== undefined) {
  for (const method of ['append', 'appendToExisting', 'rewind', 'sync']) {
    const write = Store.prototype[method];
    Store.prototype[method] = async function (...args) {
      if (moment === 'after') await write.apply(this, args);
      process.kill(process.pid, 'SIGKILL');
    };
  }
}

const print = (text) => process.stdout.write(`${text}\n`);
try {
  const keeper = await openKeeper(dataDir);
  keeper.onCycle((news) => print(JSON.stringify(news)));
  process.once('SIGTERM', () => void keeper.close().then(() => print('closed')));
  print('open');
} catch (error) {
  process.stderr.write(`${error.message}\n`);
  process.exitCode = 1;
}
