// A thread that draws: it is given pictures as plain data and says what became of each, or gives the bytes of one. Whoever
// started it, it takes only the time that nobody else wants: on Linux a nice value is a thread's own (setpriority(2)).

import { constants, setPriority } from 'node:os';

export { drawBytes, drawPictures as default } from '../files/picture-job.js';

setPriority(0, constants.priority.PRIORITY_LOW);
