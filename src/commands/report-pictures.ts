// The pictures inside a report: those of the busiest, drawn into memory, small and large, in the colours of the page.

import type { ArchiveInfo } from '../model/archive.js';
import { pictureSizePx, type Theme, tileSizePx } from '../render/graph-request.js';
import type { GraphToDraw, PictureJob } from '../render/picture-job.js';
import type { PageTheme, ReportPicture, ReportPictures } from '../report/html.js';

/** Reads what an archive's pictures show; the first is drawn small, too. */
export type ReadJobs = (archive: ArchiveInfo) => Promise<readonly PictureJob[]>;

/** Draws the pictures of some archives, at two device pixels a pixel for paper. */
export async function drawReportPictures(
  archives: readonly ArchiveInfo[],
  readJobs: ReadJobs,
  theme: PageTheme,
): Promise<ReadonlyMap<string, ReportPictures>> {
  const { drawBytes } = await import('../render/picture-job.js');
  const uriOf = (graph: GraphToDraw): string =>
    `data:image/png;base64,${Buffer.from(drawBytes(graph)).toString('base64')}`;
  const drawn = new Map<string, ReportPictures>();
  for (const archive of archives) {
    const jobs = await readJobs(archive);
    const pictureOf = ({ graph }: PictureJob, isSmall: boolean): ReportPicture => ({
      type: graph.request.type,
      light: uriOf(shaped(graph, theme === 'dark' ? 'dark' : 'light', isSmall)),
      dark: theme === 'auto' ? uriOf(shaped(graph, 'dark', isSmall)) : null,
    });
    const [first] = jobs;
    drawn.set(archive.name, {
      small: first === undefined ? null : pictureOf(first, true),
      large: jobs.map((job) => pictureOf(job, false)),
    });
    // Only then are the pixels freed.
    await new Promise<void>((resolve) => setImmediate(resolve));
  }
  return drawn;
}

function shaped(graph: GraphToDraw, theme: Theme, isSmall: boolean): GraphToDraw {
  // Behind what a tile shows is room for days.
  const label = graph.request.span.label.replaceAll(/ \d\d:\d\d/g, '');
  const span = isSmall ? { ...graph.request.span, label } : graph.request.span;
  const shape = {
    span,
    theme,
    tile: isSmall,
    sizePx: isSmall ? tileSizePx : pictureSizePx,
    pixelRatio: 2,
  };
  if (graph.kind === 'graph') return { kind: 'graph', request: { ...graph.request, ...shape } };
  return { kind: 'stack', request: { ...graph.request, ...shape } };
}
