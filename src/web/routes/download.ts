// What a download is called: by what it shows and of which time, so that two of them are not mistaken for each other.

import type { Response } from 'express';

/** What a file shows: parts of its name in their order, and the span in epoch seconds where it has one. */
export interface Download {
  readonly parts: readonly string[];
  readonly span?: { readonly startS: number; readonly endS: number };
  readonly suffix: 'png' | 'csv' | 'json';
}

/** Names an answer, should it be saved: `192.0.2.1_80-traffic-20261127T0130Z-20261128T0130Z.csv`. */
export function nameDownload(response: Response, { parts, span, suffix }: Download): void {
  const times = span === undefined ? [] : [span.startS, span.endS].map(formatStamp);
  const name = [...parts, ...times].join('-').replace(/[^A-Za-z0-9._-]/g, '_');
  response.set('Content-Disposition', `inline; filename="${name}.${suffix}"`);
}

function formatStamp(timeS: number): string {
  return `${new Date(timeS * 1000).toISOString().slice(0, 16).replace(/[-:]/g, '')}Z`;
}
