// The result of comparing rows with those of a receiver, in lines for people.

import { countOf } from '../model/text/count-of.js';
import type { ArchiveDifferences, Verified } from './verify.js';

/** The place of the rows in messages. */
export interface VerifiedPlace {
  /** The receiver, and the root of its query API. */
  readonly name: string;
  readonly baseUrl: URL;
  readonly director: string;
  /** The file with the position of the push. */
  readonly cursorFile: string;
  readonly formatTime: (timeS: number) => string;
}

const mostArchives = 20;

/** The lines: a summary or, for each archive that differs, how, and how to send its rows again. */
export function verifiedLines({ rows, differences }: Verified, place: VerifiedPlace): readonly string[] {
  const compared = `${rows.toLocaleString('en')} rows compared with those of ${place.director} at ${place.name}`;
  if (differences.length === 0) return [`${compared}: all are the same`];
  const shown = differences.slice(0, mostArchives);
  const more = differences.length - shown.length;
  const [{ archive } = { archive: 'all' }] = differences;
  const selector = `{director="${place.director}",archive="${archive}"}`;
  const deletion = new URL('api/v1/admin/tsdb/delete_series', place.baseUrl).href;
  return [
    ...shown.map((own) => `${own.archive}: ${differenceText(own, place.formatTime)}`),
    ...(more > 0 ? [`and ${countOf(more, 'archive')} more`] : []),
    `${compared}: those of ${countOf(differences.length, 'archive')} differ`,
    'To send missing rows again, stop pushing, move the position away, and push again: the receiver is asked which rows it has.',
    `  mv ${place.cursorFile} ${place.cursorFile}.old`,
    'To replace other values, delete their series there before (Prometheus needs --web.enable-admin-api, and its window to take old rows again):',
    `  curl -X POST ${deletion} --data-urlencode 'match[]=${selector}'`,
  ];
}

function differenceText(own: ArchiveDifferences, formatTime: VerifiedPlace['formatTime']): string {
  const { missing, differing, surplus, firstS, lastS } = own;
  const parts = [
    missing > 0 ? `${countOf(missing, 'row')} missing` : '',
    differing > 0 ? `${countOf(differing, 'row')} with another value` : '',
    surplus > 0 ? `${countOf(surplus, 'row')} known there and unknown here` : '',
  ].filter((part) => part !== '');
  return `${parts.join(', ')}, from ${formatTime(firstS)} to ${formatTime(lastS)}`;
}
