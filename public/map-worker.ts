// The worker of the map: computes a force layout beside the page.

import { placed, type ToPlace } from './map/placing.js';

addEventListener('message', ({ data }: MessageEvent<ToPlace>) => {
  placed(data, (places) => postMessage(places));
});
