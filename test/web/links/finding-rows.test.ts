import { describe, expect, test } from 'vitest';
import type { Finding } from '../../../src/model/finding/finding.js';
import { findingRows } from '../../../src/web/now/finding-rows.js';

const cut: Finding = {
  kind: 'link-lost',
  subject: 'host/10.0.0.1',
  severity: 'warning',
  sinceS: 1_764_642_000,
  archives: ['all'],
  numbers: { blame: 'target', lost: 2, links: 2, observers: 2, targets: 1 },
};

const catalogue = { services: [], byName: new Map(), lastS: 0 } as unknown as Parameters<
  typeof findingRows
>[1]['catalogue'];
const rowOf = (archives: readonly string[]) =>
  findingRows([{ ...cut, archives }], { catalogue, basePath: '/lvs', timeZone: 'UTC' })[0];

describe('the row of a cut', () => {
  test('leads to the page of links', () => {
    expect(rowOf(['all'])).toMatchObject({ subject: '10.0.0.1', href: '/lvs/links', hosts: '' });
  });

  test('names the services that it hurts, each once', () => {
    const services = [1, 2, 3, 4, 5].map((n) => `192.0.2.${n}_80`);
    const [first = '', second = ''] = services;
    expect(rowOf([`${first}/10.0.0.1_80`, `${first}/10.0.0.1_81`])?.hosts).toBe('hurts 192.0.2.1:80:');
    expect(rowOf([`${first}/10.0.0.1_80`, `${second}/10.0.0.1_80`])?.hosts).toBe('hurts 192.0.2.1:80, 192.0.2.2:80:');
    expect(rowOf(services.map((one) => `${one}/10.0.0.1_80`))?.hosts).toBe(
      'hurts 192.0.2.1:80, 192.0.2.2:80, 192.0.2.3:80 and 2 others:',
    );
  });
});
