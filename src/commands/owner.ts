// Files belong to the owner of the data folder, even when root runs the command: root's process takes that user's rights
// while it works, and its own only while it reads the table or draws into a folder elsewhere. See credentials(7), seteuid(2).

import { statSync } from 'node:fs';

/** Rights of this process, which can be root's again for a moment. */
export interface Owner {
  asRoot<T>(use: () => Promise<T>): Promise<T>;
  /** Is root for good again, where it was. */
  release(): void;
}

/** Takes the rights of the data folder's owner, where root runs and the folder is somebody else's. */
export function workAsOwner(dataDir: string): Owner {
  const stats = statSync(dataDir, { throwIfNoEntry: false });
  const { seteuid, setegid } = process;
  if (process.getuid?.() !== 0 || stats === undefined || stats.uid === 0 || !seteuid || !setegid) {
    return { asRoot: (use) => use(), release: () => {} };
  }
  const become = (uid: number, gid: number): void => {
    seteuid(0);
    setegid(gid);
    seteuid(uid);
  };
  become(stats.uid, stats.gid);
  return {
    asRoot: async (use) => {
      become(0, 0);
      try {
        return await use();
      } finally {
        become(stats.uid, stats.gid);
      }
    },
    release: () => become(0, 0),
  };
}
