// The pictures inside a report: those of the busiest archives, drawn into memory, small and in full size, in the colours of the page.

import type { ArchiveInfo } from '../model/archive.js';
import { type Shape, shapes, type Theme } from '../render/define/graph-request.js';
import { spanFor } from '../render/files/content/span-set.js';
import type { GraphToDraw, PictureJob } from '../render/files/picture-job.js';
import { type FailedPicture, failedPicture } from '../render/png/draw-tally.js';
import type { PageTheme, ReportPicture, ReportPictures } from '../report/html.js';

/** Reads the data of an archive's pictures; the first one is drawn small, too. */
export type ReadJobs = (archive: ArchiveInfo) => Promise<readonly PictureJob[]>;

/** The look of pictures in a report; `onFailure` is called for each that cannot be drawn and is omitted. */
export interface ReportLooks {
  readonly theme: PageTheme;
  readonly shape?: Shape | undefined;
  readonly onFailure: (failed: FailedPicture) => void;
}

/** Draws the pictures of some archives, at two device pixels per pixel for paper. */
export async function drawReportPictures(
  archives: readonly ArchiveInfo[],
  readJobs: ReadJobs,
  { theme, shape = shapes.card, onFailure }: ReportLooks,
): Promise<ReadonlyMap<string, ReportPictures>> {
  const { drawBytes } = await import('../render/files/picture-job.js');
  const uriOf = async (graph: GraphToDraw): Promise<string> =>
    `data:image/png;base64,${Buffer.from(await drawBytes(graph)).toString('base64')}`;
  const drawn = new Map<string, ReportPictures>();
  for (const archive of archives) {
    const jobs = await readJobs(archive);
    const pictureOf = async ({ graph }: PictureJob, shape: Shape): Promise<ReportPicture> => ({
      ...shape.sizePx,
      type: graph.request.type,
      light: await uriOf(inColours(graph, theme === 'dark' ? 'dark' : 'light', shape)),
      dark: theme === 'auto' ? await uriOf(inColours(graph, 'dark', shape)) : null,
    });
    const orNull = async (job: PictureJob, shape: Shape): Promise<ReportPicture | null> => {
      try {
        return await pictureOf(job, shape);
      } catch (error) {
        onFailure(failedPicture(job.path, error));
        return null;
      }
    };
    const large: (ReportPicture | null)[] = [];
    for (const job of jobs) large.push(await orNull(job, shape));
    const [first] = jobs;
    drawn.set(archive.name, {
      // A picture that fails at full size fails as a tile too.
      small: first === undefined || large[0] === null ? null : await orNull(first, shapes.tile),
      large: large.filter((picture) => picture !== null),
    });
  }
  return drawn;
}

function inColours(graph: GraphToDraw, theme: Theme, shape: Shape): GraphToDraw {
  const look = { ...shape, span: spanFor(shape, graph.request.span), theme, pixelRatio: 2 };
  if (graph.kind === 'graph') return { kind: 'graph', request: { ...graph.request, ...look } };
  return { kind: 'stack', request: { ...graph.request, ...look } };
}
