import { expect, test } from 'vitest';
import { countOf } from '../../../src/model/text/count-of.js';

test.each([
  [0, 'service', undefined, '0 services'],
  [1, 'service', undefined, '1 service'],
  [17, 'service', undefined, '17 services'],
  [2, 'proxy', 'proxies', '2 proxies'],
])('%d of "%s" is "%s"', (count, one, many, expected) => {
  expect(countOf(count, one, many)).toBe(expected);
});
