// A thread that draws: it is given pictures as plain data and says what became of each, or gives the bytes of one.

export { drawBytes, drawPictures as default } from './picture-job.js';
