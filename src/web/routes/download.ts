// The file name of a download: its subject and its time, so that two downloads cannot be confused.

import type { Response } from 'express';

/** The content of a file: parts of its name in order, and its span in epoch seconds, if any. */
export interface Download {
  readonly parts: readonly string[];
  readonly span?: { readonly startS: number; readonly endS: number };
  readonly suffix: 'png' | 'csv' | 'json' | 'svg' | 'dot' | 'cypher';
}

/** Sets the name under which an answer is saved: `192.0.2.1_80-traffic-20261127T0130Z-20261128T0130Z.csv`. */
export function nameDownload(response: Response, { parts, span, suffix }: Download): void {
  const times = span === undefined ? [] : [span.startS, span.endS].map(formatStamp);
  const name = [...parts, ...times].join('-').replace(/[^A-Za-z0-9._-]/g, '_');
  response.set('Content-Disposition', `inline; filename="${name}.${suffix}"`);
}

function formatStamp(timeS: number): string {
  return `${new Date(timeS * 1000).toISOString().slice(0, 16).replace(/[-:]/g, '')}Z`;
}
