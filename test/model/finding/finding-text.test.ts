// Archives as people write them.

import { expect, test } from 'vitest';
import { archiveText } from '../../../src/model/finding/finding-text.js';

test.each([
  ['192.0.2.1_80', '192.0.2.1:80'],
  ['192.0.2.1_80/10.0.0.5_8080', '10.0.0.5:8080 of 192.0.2.1:80'],
  ['fwm_7', 'mark 7'],
  ['fwm6_7', 'mark 7 (IPv6)'],
  ['fwm6_7/2001-db8--5_80', '[2001:db8::5]:80 of mark 7 (IPv6)'],
])('the archive %s is %s', (name, text) => {
  expect(archiveText(name)).toBe(text);
});
