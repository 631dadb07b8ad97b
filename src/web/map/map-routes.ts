// The map for programs: `/api/map` as JSON, and `/map.svg`, `/map.dot` and `/map.cypher` as files, with the options of `lvs-stats map`.

import { Router } from 'express';
import { cypherText } from '../../map/format/cypher.js';
import { dotText } from '../../map/format/dot.js';
import { jsonText } from '../../map/format/json.js';
import { placeLossRecord } from '../../map/format/loss-text.js';
import { svgText } from '../../map/format/svg.js';
import { usesRecord } from '../../map/format/uses-text.js';
import type { Behind } from '../limits/turnstile.js';
import { parseQuery, searchOf } from '../query.js';
import { RequestError } from '../request-error.js';
import { sendAnswer } from '../routes/answer.js';
import { type RouteRequest, route } from '../routes/route.js';
import type { Site } from '../site.js';
import { parseMapQuery } from './map-query.js';
import { type MapSite, mapView, momentOf } from './map-view.js';

/** `map`: the nodes and edges. */
export const mapRoute = route({
  path: '/map',
  parse: async ({ sources: { site }, query }: RouteRequest<{ readonly site: MapSite & Pick<Site, 'collecting'> }>) => {
    const choice = parseMapQuery(query);
    return { choice, view: await mapView(site, { query: choice, moment: await momentOf(site, choice) }) };
  },
  key: ({ choice, view: { moment } }) => ['map', moment.timeS, choice],
  rows: ({ view }) => view,
  json: ({ moment: { timeS }, folded: { map }, without, uses }) => [
    jsonText(map, {
      time: timeS,
      ...(without === null ? {} : { without: placeLossRecord(without) }),
      ...(uses === null ? {} : { uses: usesRecord(uses) }),
    }),
  ],
});

const files = [
  { suffix: 'svg', type: 'image/svg+xml', text: svgText },
  { suffix: 'dot', type: 'text/vnd.graphviz', text: dotText },
  { suffix: 'cypher', type: 'text/plain', text: cypherText },
] as const;

/** The files. */
export function mapFileRoutes(site: MapSite, behind: Behind): Router {
  return Router().get(
    '/map.:format',
    behind(async (request, response) => {
      const { format } = request.params as { readonly format: string };
      const file = files.find(({ suffix }) => suffix === format);
      if (file === undefined)
        throw new RequestError(404, `there is no map as ".${format}": write .svg, .dot or .cypher`);
      const { suffix, type, text } = file;
      const choice = parseMapQuery(parseQuery(searchOf(request)));
      const { moment, folded } = await mapView(site, { query: choice, moment: await momentOf(site, choice) });
      await sendAnswer(request, response, {
        key: ['map', suffix, moment.timeS, choice],
        make: async () => ({ file: { parts: ['map'], suffix }, body: { type, pieces: [text(folded.map)] } }),
      });
    }),
  );
}
