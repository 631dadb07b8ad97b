// The map in the browser. Every control is a link or a form that works without this script; with it the page's content is replaced without
// loading anew, the keyboard walks from node to node, columns are dragged, a slider shows hours, and a force layout is computed in a worker.

import { setUpColumns } from './map/columns.js';
import { setUpForce } from './map/force.js';
import { setUpKeys } from './map/keys.js';
import { MapPage } from './map/map-page.js';
import { setUpPrint } from './map/print.js';
import { setUpSlider } from './map/slider.js';

const main = document.querySelector<HTMLElement>('main[data-map]');
if (main !== null) {
  const page = new MapPage(main);
  setUpKeys(main, page);
  setUpColumns(main, page);
  setUpSlider(main, page);
  setUpForce(main, page);
  setUpPrint(main);
}
