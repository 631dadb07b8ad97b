// A drawing thread: it receives pictures as plain data and returns the outcome of each, or the bytes of one. It always runs at
// the lowest priority: on Linux a nice value belongs to a thread (setpriority(2)).

import { constants, setPriority } from 'node:os';

export { drawBytes, drawPictures as default } from '../files/picture-job.js';

setPriority(0, constants.priority.PRIORITY_LOW);
