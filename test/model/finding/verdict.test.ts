import { describe, expect, test } from 'vitest';
import type { Finding, FindingKind, Severity } from '../../../src/model/finding/finding.js';
import { standardThresholds } from '../../../src/model/finding/thresholds.js';
import { exitCodes, verdictNow, verdictOf } from '../../../src/model/finding/verdict.js';
import { standardPolicy } from '../../../src/model/policy/policy.js';
import { standardRetention } from '../../../src/model/retention.js';

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
      { nowS: 100, isRead, silences: [] },
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
    expect(
      verdictOf(findings, { nowS: 100, isRead: true, silences: [] }).findings.map(
        ({ kind, sinceS }) => `${kind} ${sinceS}`,
      ),
    ).toEqual(['counters-frozen 7', 'server-left 9', 'share-off 3', 'share-off 5', 'books-unbalanced 1']);
  });

  test('lists silenced findings apart, with the silence that ends last, and does not count them', () => {
    const silence = { pattern: 'share-off', untilS: 200, why: 'canary', sinceS: 0 };
    const longer = { ...silence, pattern: '*/all', untilS: 300 };
    const findings = [finding('share-off', 'critical'), finding('chains-long', 'warning')];
    const { grade, counts, silenced, ...rest } = verdictOf(findings, {
      nowS: 100,
      isRead: true,
      silences: [silence, { ...longer, pattern: 'share-off/*' }],
    });
    expect({ grade, counts }).toEqual({ grade: 'warning', counts: { critical: 0, warning: 1, notice: 0 } });
    expect(rest.findings.map(({ kind }) => kind)).toEqual(['chains-long']);
    expect(silenced.map((own) => [own.finding.kind, own.silence.untilS])).toEqual([['share-off', 300]]);
  });

  test('counts a finding again once its silence has ended', () => {
    const silences = [{ pattern: 'share-off', untilS: 200, why: 'canary', sinceS: 0 }];
    const gradeAt = (nowS: number) =>
      verdictOf([finding('share-off', 'warning')], { nowS, isRead: true, silences }).grade;
    expect([gradeAt(199), gradeAt(200)]).toEqual(['ok', 'warning']);
  });

  test('joins the findings of the cycle and of the moment, and the silences of the policy with the others', () => {
    const moment = { nowS: 1000, retention: standardRetention, lastS: 1000, failure: null, freeBytes: 2 ** 29 };
    const known = [{ ...finding('share-off', 'warning'), openS: 5, count: 0 }];
    const thresholds = { ...standardThresholds, diskFreeBytes: 2 ** 30 };
    const ofPolicy = { pattern: 'disk-full', untilS: null, why: 'a new disk is on its way', sinceS: null };
    const problem = { sinceS: 7, text: 'policy.yaml:1:1: this is not YAML' };
    const policy = { policy: { ...standardPolicy, thresholds, silences: [ofPolicy] }, problem };
    const stored = [{ pattern: 'share-off/all', untilS: 2000, why: 'canary', sinceS: 900 }];
    const verdict = verdictNow({ moment, findings: known, silences: stored, policy });
    expect(verdict.findings).toMatchObject([{ kind: 'policy-unreadable', severity: 'warning', sinceS: 7 }]);
    expect(verdict.silenced.map((own) => own.finding.kind).sort()).toEqual(['disk-full', 'share-off']);
  });
});
