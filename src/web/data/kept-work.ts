// Keeps results until newer ones replace them, as long as they are small. They are made one after the other, and once for all
// concurrent requests.

/** Returns the result for a key, kept or new. */
export interface KeptWork<T> {
  read(key: string, make: () => Promise<T>): Promise<T>;
  forget(): void;
}

/** Keeps the last results of up to `maxBytes` bytes; the newest is always kept until there is another. */
export function createKeptWork<T>(maxBytes: number, bytesOf: (made: T) => number): KeptWork<T> {
  const kept = new Map<string, { readonly made: Promise<T>; bytes: number }>();
  let line: Promise<unknown> = Promise.resolve();
  const dropOldest = (): void => {
    let bytes = 0;
    for (const one of kept.values()) bytes += one.bytes;
    for (const [key, one] of kept) {
      if (bytes <= maxBytes || kept.size === 1) return;
      // A result still being made has no size yet.
      if (one.bytes === 0) continue;
      bytes -= one.bytes;
      kept.delete(key);
    }
  };
  const read = (key: string, make: () => Promise<T>): Promise<T> => {
    const known = kept.get(key);
    if (known !== undefined) {
      // The most recently used stays longest.
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
