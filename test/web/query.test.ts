import { describe, expect, test } from 'vitest';
import { haproxyName, longestArchiveName, longestHaproxyName } from '../../src/model/names/haproxy-name.js';
import { parseQuery } from '../../src/web/query.js';

describe('a query parameter', () => {
  test('accepts the longest possible archive name, and rejects a longer one', () => {
    const longest = '中'.repeat(longestHaproxyName);
    const name = haproxyName({ kind: 'server', proxy: longest, server: longest });
    expect(name).toHaveLength(longestArchiveName);
    expect(parseQuery(`?name=${encodeURIComponent(name)}`).text('name')).toBe(name);
    expect(() => parseQuery(`?name=${encodeURIComponent(`${name}x`)}`).text('name')).toThrow(/the maximum is 3612/);
  });

  test('rejects more than 300 characters unless it is a name', () => {
    expect(parseQuery(`?q=${'x'.repeat(300)}`).text('q')).toHaveLength(300);
    expect(() => parseQuery(`?q=${'x'.repeat(301)}`).text('q')).toThrow(/the maximum is 300/);
  });
});
