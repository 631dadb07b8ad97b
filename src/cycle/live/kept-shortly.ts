// Values that come from files, and are asked for again and again: for hundreds of graphs of a page, or thousands of links.

/** Caches a value for a second. */
export function keptShortly<T>(make: () => T): () => T {
  let kept: { readonly untilMs: number; readonly value: T } | null = null;
  return () => {
    const nowMs = performance.now();
    if (kept === null || nowMs > kept.untilMs) kept = { untilMs: nowMs + 1000, value: make() };
    return kept.value;
  };
}
