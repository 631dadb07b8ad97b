// The user who controls a path, whose rights limit writing there: the owner of the folder that decides what is at the path.

import { chownSync, lchownSync, mkdirSync, mkdtempSync, rmSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { controllerOf } from '../../src/files/controller.js';

const [bob, carol] = [65_534, 65_533];
let root: string;

beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'lvs-stats-controller-'));
});

afterEach(() => rmSync(root, { recursive: true, force: true }));

/** Makes a folder for a user; returns its path. */
function folder(path: string, uid: number, gid = uid): string {
  mkdirSync(join(root, path));
  chownSync(join(root, path), uid, gid);
  return join(root, path);
}

/** Makes a link for a user; returns its path. */
function link(path: string, target: string, uid: number): string {
  symlinkSync(target, join(root, path));
  lchownSync(join(root, path), uid, uid);
  return join(root, path);
}

describe.skipIf(process.getuid?.() !== 0)('the user who controls a path (needs root)', () => {
  test('is root alone if root owns all folders', () => {
    expect(controllerOf(folder('mine', 0))).toBe(null);
    expect(controllerOf(join(root, 'mine', 'not-there', 'either'))).toBe(null);
    expect(controllerOf(link('way', join(root, 'mine'), 0))).toBe(null);
  });

  test('is the owner of the folder, even for a path that does not exist yet', () => {
    const of = folder('of-bob', bob);
    expect(controllerOf(of)).toEqual({ uid: bob, gid: bob });
    expect(controllerOf(join(of, 'new', 'file'))).toEqual({ uid: bob, gid: bob });
  });

  test("is the owner of a folder above one of root's", () => {
    folder('of-bob', bob);
    expect(controllerOf(folder('of-bob/of-root', 0))).toEqual({ uid: bob, gid: bob });
  });

  test('is the owner of the innermost folder that nobody else can move', () => {
    folder('of-bob', bob);
    expect(controllerOf(folder('of-bob/of-carol', carol))).toEqual({ uid: carol, gid: carol });
  });

  test.each([
    ["root's", 0],
    ["another's", carol],
  ])('is the owner of a link, even to a folder that is %s', (_, uid) => {
    folder('target', uid);
    expect(controllerOf(link('way', join(root, 'target'), bob))).toEqual({ uid: bob, gid: bob });
    folder('of-bob', bob);
    link('of-bob/way', '../target', bob);
    expect(controllerOf(join(root, 'of-bob', 'way', 'file'))).toEqual({ uid: bob, gid: bob });
  });

  test('is found in a circle of links, and does not share the group of root', () => {
    folder('of-bob', bob, 0);
    link('of-bob/one', 'two', bob);
    link('of-bob/two', 'one', bob);
    expect(controllerOf(join(root, 'of-bob', 'one'))).toEqual({ uid: bob, gid: 65_534 });
  });
});
