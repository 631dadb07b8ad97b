// What was made is kept until there is something newer to keep, as long as it is small: made one after the other, and once however
// many ask for it.

/** Makes things by what they are for, or has them. */
export interface KeptWork<T> {
  read(key: string, make: () => Promise<T>): Promise<T>;
  forget(): void;
}

/** Keeps the last things of up to so many bytes; the newest is kept in any case until there is another. */
export function createKeptWork<T>(mostBytes: number, bytesOf: (made: T) => number): KeptWork<T> {
  const kept = new Map<string, { readonly made: Promise<T>; bytes: number }>();
  let line: Promise<unknown> = Promise.resolve();
  const dropOldest = (): void => {
    let bytes = 0;
    for (const one of kept.values()) bytes += one.bytes;
    for (const [key, one] of kept) {
      if (bytes <= mostBytes || kept.size === 1) return;
      // What is still being made is of no size yet.
      if (one.bytes === 0) continue;
      bytes -= one.bytes;
      kept.delete(key);
    }
  };
  const read = (key: string, make: () => Promise<T>): Promise<T> => {
    const known = kept.get(key);
    if (known !== undefined) {
      // The newest used stays longest.
      kept.delete(key);
      kept.set(key, known);
      return known.made;
    }
    const made = line.then(make);
    line = made.catch(() => {});
    const one = { made, bytes: 0 };
    kept.set(key, one);
    made.then(
      (value) => {
        one.bytes = bytesOf(value);
        dropOldest();
      },
      () => {
        if (kept.get(key) === one) kept.delete(key);
      },
    );
    return made;
  };
  return { read, forget: () => kept.clear() };
}
