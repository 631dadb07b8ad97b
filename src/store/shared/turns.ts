// Schedules access to the database of a long-lived process: any number of readers, one writer, and nobody while it is closed and reopened.

/** Concurrent readers, serial writers. */
export class Turns {
  #lastWrite: Promise<unknown> = Promise.resolve();
  #readers = 0;
  #isAlone: Promise<void> | null = null;
  #whenUnread: (() => void) | null = null;

  /** Uses the shared database alongside others. */
  async read<T>(use: () => Promise<T>): Promise<T> {
    while (this.#isAlone !== null) await this.#isAlone;
    this.#readers += 1;
    try {
      return await use();
    } finally {
      this.#readers -= 1;
      if (this.#readers === 0) this.#whenUnread?.();
    }
  }

  /** Uses it after all earlier writers; readers may be active meanwhile. */
  write<T>(use: () => Promise<T>): Promise<T> {
    const turn = this.#lastWrite.then(use);
    this.#lastWrite = turn.catch(() => {});
    return turn;
  }

  /** Within a `write`: waits for all readers to finish, and keeps others out. */
  async alone<T>(use: () => Promise<T>): Promise<T> {
    const { promise, resolve } = withResolver();
    this.#isAlone = promise;
    try {
      if (this.#readers > 0) {
        await new Promise<void>((unread) => {
          this.#whenUnread = unread;
        });
      }
      this.#whenUnread = null;
      return await use();
    } finally {
      this.#isAlone = null;
      resolve();
    }
  }
}

function withResolver(): { promise: Promise<void>; resolve: () => void } {
  let resolve = (): void => {};
  const promise = new Promise<void>((done) => {
    resolve = done;
  });
  return { promise, resolve };
}
