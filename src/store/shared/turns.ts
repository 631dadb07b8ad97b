// Who may use the database of a long-lived process: any number read at a time, one writes, and while it is closed and opened again
// nobody does.

/** Readers, and writers one after another. */
export class Turns {
  #lastWrite: Promise<unknown> = Promise.resolve();
  #readers = 0;
  #isAlone: Promise<void> | null = null;
  #whenUnread: (() => void) | null = null;

  /** Uses what is shared, beside others. */
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

  /** Uses it when all who came before to write have; readers may be at it meanwhile. */
  write<T>(use: () => Promise<T>): Promise<T> {
    const turn = this.#lastWrite.then(use);
    this.#lastWrite = turn.catch(() => {});
    return turn;
  }

  /** Within a `write`: uses it when all who read have done so, and keeps others from it. */
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
