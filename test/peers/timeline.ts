// A queue of events in simulated time: a binary heap, in the order of time and then of insertion.

/** Simulated time. */
export interface Timeline {
  readonly nowMs: () => number;
  /** Runs something after a time, ms. */
  readonly after: (ms: number, run: () => void) => void;
  /** Runs all events up to a time. */
  readonly runUntil: (ms: number) => void;
}

interface Event {
  readonly atMs: number;
  readonly order: number;
  readonly run: () => void;
}

/** An empty queue at time 0. */
export function openTimeline(): Timeline {
  const heap: Event[] = [];
  let [nowMs, order] = [0, 0];
  const isBefore = (a: Event | undefined, b: Event | undefined): boolean =>
    a !== undefined && b !== undefined && (a.atMs < b.atMs || (a.atMs === b.atMs && a.order < b.order));
  const swap = (i: number, j: number): void => {
    const [a, b] = [heap[i], heap[j]];
    if (a !== undefined && b !== undefined) [heap[i], heap[j]] = [b, a];
  };
  const pop = (): Event | undefined => {
    const first = heap[0];
    const last = heap.pop();
    if (first === undefined || last === undefined || heap.length === 0) return first;
    heap[0] = last;
    for (let i = 0; ; ) {
      let least = i;
      for (const child of [2 * i + 1, 2 * i + 2]) if (isBefore(heap[child], heap[least])) least = child;
      if (least === i) return first;
      swap(i, least);
      i = least;
    }
  };
  return {
    nowMs: () => nowMs,
    after(ms, run) {
      order += 1;
      heap.push({ atMs: nowMs + Math.max(0, ms), order, run });
      for (let i = heap.length - 1; i > 0 && isBefore(heap[i], heap[(i - 1) >> 1]); i = (i - 1) >> 1)
        swap(i, (i - 1) >> 1);
    },
    runUntil(ms) {
      while ((heap[0]?.atMs ?? Number.POSITIVE_INFINITY) <= ms) {
        const event = pop();
        if (event === undefined) break;
        nowMs = event.atMs;
        event.run();
      }
      nowMs = ms;
    },
  };
}
