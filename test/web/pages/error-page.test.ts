// The page of an error: with the way to all other pages, for a reader who was admitted.

import { hashSync } from 'bcryptjs';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { createVerifier, parsePasswords } from '../../../src/web/passwords.js';
import { startViewer, type TestViewer } from '../viewer-site.js';

describe('the page of an error', () => {
  let open: TestViewer;
  let locked: TestViewer;
  beforeAll(async () => {
    const verifier = createVerifier(() => parsePasswords(`ann:${hashSync('pea', 4)}\n`, 'passwords'));
    [open, locked] = await Promise.all([startViewer({ days: 1 }), startViewer({ days: 1, verifier })]);
  });
  afterAll(() => Promise.all([open.close(), locked.close()]));

  const pageOf = async (viewer: TestViewer, path: string): Promise<readonly [number, string]> => {
    const response = await fetch(viewer.url + path, { headers: { accept: 'text/html' } });
    return [response.status, await response.text()];
  };

  test.each(['/nope', '/service/192.0.2.250_1', '/?period=century'])('at %s has the navigation', async (path) => {
    const [status, text] = await pageOf(open, path);
    expect(status).toBeGreaterThanOrEqual(400);
    expect(text).toContain('<nav class="views" aria-label="Views">');
    expect(text).toContain('<a href="/services">Services</a>');
    expect(text).toContain('lb1.example.com');
  });

  test('tells a stranger nothing of the director', async () => {
    const [status, text] = await pageOf(locked, '/services');
    expect(status).toBe(401);
    expect(text).not.toContain('lb1.example.com');
    expect(text).not.toContain('<nav');
  });
});
