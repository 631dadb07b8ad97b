// Tracks answers that clients have not read yet. A client that stops reading is dropped: after a while in any case, sooner if
// its answers hold much memory, and at once if all answers together would fill the memory. A reader, however slow, takes the
// next piece within seconds, so stalled ones are always dropped first.

/** The limits beyond which a client is dropped. */
export interface UnreadLimits {
  /** Dropped after this time without progress. */
  readonly stallMs: number;
  /** Slow after this time without progress; then the answers of one client may hold at most `bytesPerClient`. */
  readonly slowMs: number;
  readonly bytesPerClient: number;
  /** Most bytes that all answers together may hold. */
  readonly bytes: number;
}

/** For a machine whose memory is meant for other work. */
export const unreadLimits: UnreadLimits = {
  stallMs: 20_000,
  slowMs: 4000,
  bytesPerClient: 2 ** 20,
  bytes: 16 * 2 ** 20,
};

/** An answer in progress. */
export interface Answer {
  readonly client: string;
  /** Bytes that the client has taken so far. */
  taken(): number;
  /** Bytes of memory that it holds. */
  held(): number;
  /** Cuts the connection. */
  drop(): void;
}

/** Answers in progress. */
export interface AnswersUnderWay {
  /** Watches an answer, until `end`; `grew` is called when it may hold more. */
  watch(answer: Answer): { grew(): void; end(): void };
  /** Drops those that do not read; it calls itself every second. */
  check(): void;
}

interface WatchedAnswer extends Answer {
  takenBytes: number;
  heldBytes: number;
  progressMs: number;
}

/** Tracks answers by a clock in milliseconds. */
export function createUnread(limits: UnreadLimits, nowMs: () => number): AnswersUnderWay {
  const answers = new Set<WatchedAnswer>();
  let bytes = 0;
  let timer: NodeJS.Timeout | null = null;
  const end = (one: WatchedAnswer): void => {
    if (!answers.delete(one)) return;
    bytes -= one.heldBytes;
    if (answers.size > 0 || timer === null) return;
    clearInterval(timer);
    timer = null;
  };
  const look = (one: WatchedAnswer): void => {
    const held = one.held();
    bytes += held - one.heldBytes;
    one.heldBytes = held;
    const taken = one.taken();
    if (taken === one.takenBytes) return;
    one.takenBytes = taken;
    one.progressMs = nowMs();
  };
  const drop = (one: WatchedAnswer): void => {
    end(one);
    one.drop();
  };
  const check = (): void => {
    for (const one of answers) look(one);
    // Those without progress for longest come first.
    const byStall = [...answers].sort((a, b) => a.progressMs - b.progressMs);
    const slowBytes = new Map<string, number>();
    const slow = byStall.filter(({ progressMs }) => nowMs() - progressMs >= limits.slowMs);
    for (const { client, heldBytes } of slow) slowBytes.set(client, (slowBytes.get(client) ?? 0) + heldBytes);
    for (const one of slow) {
      const clientBytes = slowBytes.get(one.client) ?? 0;
      if (nowMs() - one.progressMs < limits.stallMs && clientBytes <= limits.bytesPerClient) continue;
      slowBytes.set(one.client, clientBytes - one.heldBytes);
      drop(one);
    }
    for (const one of byStall) {
      if (bytes <= limits.bytes) return;
      if (answers.has(one)) drop(one);
    }
  };
  return {
    check,
    watch: (answer) => {
      const one: WatchedAnswer = { ...answer, takenBytes: answer.taken(), heldBytes: 0, progressMs: nowMs() };
      answers.add(one);
      timer ??= setInterval(check, 1000).unref();
      const grew = (): void => {
        if (!answers.has(one)) return;
        look(one);
        if (bytes > limits.bytes) check();
      };
      grew();
      return { grew, end: () => end(one) };
    },
  };
}
