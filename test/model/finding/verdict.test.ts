import { describe, expect, test } from 'vitest';
import type { Finding, FindingKind, Severity } from '../../../src/model/finding/finding.js';
import { exitCodes, verdictOf } from '../../../src/model/finding/verdict.js';

function finding(kind: FindingKind, severity: Severity, sinceS = 0): Finding {
  return { kind, severity, sinceS, subject: 'all', archives: ['all'], numbers: {} };
}

describe('the verdict', () => {
  test.each<readonly [title: string, severities: readonly Severity[], isRead: boolean, code: number]>([
    ['no finding', [], true, 0],
    ['notices only', ['notice', 'notice'], true, 0],
    ['a warning', ['notice', 'warning'], true, 1],
    ['something critical', ['warning', 'critical', 'notice'], true, 2],
    ['nothing read yet', [], false, 3],
    ['nothing read yet because collecting fails', ['critical'], false, 2],
  ])('on %s', (_, severities, isRead, code) => {
    const { grade } = verdictOf(
      severities.map((severity) => finding('share-off', severity)),
      isRead,
    );
    expect(exitCodes[grade]).toBe(code);
  });

  test('lists findings by severity, then by kind, then the oldest first', () => {
    const findings = [
      finding('share-off', 'warning', 5),
      finding('books-unbalanced', 'notice', 1),
      finding('server-left', 'warning', 9),
      finding('share-off', 'warning', 3),
      finding('counters-frozen', 'critical', 7),
    ];
    expect(verdictOf(findings, true).findings.map(({ kind, sinceS }) => `${kind} ${sinceS}`)).toEqual([
      'counters-frozen 7',
      'server-left 9',
      'share-off 3',
      'share-off 5',
      'books-unbalanced 1',
    ]);
  });
});
