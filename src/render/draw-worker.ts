// A thread that draws: it is given pictures as plain data and says what became of each.

export { drawPictures as default } from './picture-job.js';
