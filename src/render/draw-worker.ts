// A thread that draws: it is given pictures as plain data and says what became of each.

import { drawPicture, type PictureJob } from './picture-job.js';

/** Draws some pictures one after the other. */
export default function drawPictures(jobs: readonly PictureJob[]): readonly ('drawn' | 'same')[] {
  return jobs.map(drawPicture);
}
