// Whose rights are good enough for writing at a path: the owner of the folder that decides what lies there.

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

/** Makes a folder of a user; the path of it. */
function folder(path: string, uid: number, gid = uid): string {
  mkdirSync(join(root, path));
  chownSync(join(root, path), uid, gid);
  return join(root, path);
}

/** Makes a link of a user; the path of it. */
function link(path: string, target: string, uid: number): string {
  symlinkSync(target, join(root, path));
  lchownSync(join(root, path), uid, uid);
  return join(root, path);
}

describe.skipIf(process.getuid?.() !== 0)('whoever decides what lies at a path (skipped: needs root)', () => {
  test("is nobody but root where all folders are root's", () => {
    expect(controllerOf(folder('mine', 0))).toBe(null);
    expect(controllerOf(join(root, 'mine', 'not-there', 'either'))).toBe(null);
    expect(controllerOf(link('way', join(root, 'mine'), 0))).toBe(null);
  });

  test('is the owner of the folder, also for what is not there yet', () => {
    const of = folder('of-bob', bob);
    expect(controllerOf(of)).toEqual({ uid: bob, gid: bob });
    expect(controllerOf(join(of, 'new', 'file'))).toEqual({ uid: bob, gid: bob });
  });

  test("is the owner of a folder above, where root's lies in it", () => {
    folder('of-bob', bob);
    expect(controllerOf(folder('of-bob/of-root', 0))).toEqual({ uid: bob, gid: bob });
  });

  test('is the owner of the innermost folder, which nobody else can move away', () => {
    folder('of-bob', bob);
    expect(controllerOf(folder('of-bob/of-carol', carol))).toEqual({ uid: carol, gid: carol });
  });

  test.each([
    ["root's", 0],
    ["another's", carol],
  ])('is the owner of a link, although it leads to a folder that is %s', (_, uid) => {
    folder('target', uid);
    expect(controllerOf(link('way', join(root, 'target'), bob))).toEqual({ uid: bob, gid: bob });
    folder('of-bob', bob);
    link('of-bob/way', '../target', bob);
    expect(controllerOf(join(root, 'of-bob', 'way', 'file'))).toEqual({ uid: bob, gid: bob });
  });

  test('is found where links lead in a circle, and does not share the group of root', () => {
    folder('of-bob', bob, 0);
    link('of-bob/one', 'two', bob);
    link('of-bob/two', 'one', bob);
    expect(controllerOf(join(root, 'of-bob', 'one'))).toEqual({ uid: bob, gid: 65_534 });
  });
});
