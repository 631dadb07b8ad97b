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
  return new Unread(limits, nowMs);
}

class Unread implements AnswersUnderWay {
  readonly #limits: UnreadLimits;
  readonly #nowMs: () => number;
  readonly #answers = new Set<WatchedAnswer>();
  #bytes = 0;
  #timer: NodeJS.Timeout | null = null;

  constructor(limits: UnreadLimits, nowMs: () => number) {
    this.#limits = limits;
    this.#nowMs = nowMs;
  }

  watch(answer: Answer): { grew(): void; end(): void } {
    const one: WatchedAnswer = { ...answer, takenBytes: answer.taken(), heldBytes: 0, progressMs: this.#nowMs() };
    this.#answers.add(one);
    this.#timer ??= setInterval(() => this.check(), 1000).unref();
    const grew = (): void => {
      if (!this.#answers.has(one)) return;
      this.#look(one);
      if (this.#bytes > this.#limits.bytes) this.check();
    };
    grew();
    return { grew, end: () => this.#end(one) };
  }

  check(): void {
    for (const one of this.#answers) this.#look(one);
    // Those without progress for longest come first.
    const byStall = [...this.#answers].sort((a, b) => a.progressMs - b.progressMs);
    this.#dropSlow(byStall);
    for (const one of byStall) {
      if (this.#bytes <= this.#limits.bytes) return;
      if (this.#answers.has(one)) this.#drop(one);
    }
  }

  #dropSlow(byStall: readonly WatchedAnswer[]): void {
    const { slowMs, stallMs, bytesPerClient } = this.#limits;
    const slow = byStall.filter(({ progressMs }) => this.#nowMs() - progressMs >= slowMs);
    const slowBytes = new Map<string, number>();
    for (const { client, heldBytes } of slow) slowBytes.set(client, (slowBytes.get(client) ?? 0) + heldBytes);
    for (const one of slow) {
      const clientBytes = slowBytes.get(one.client) ?? 0;
      if (this.#nowMs() - one.progressMs < stallMs && clientBytes <= bytesPerClient) continue;
      slowBytes.set(one.client, clientBytes - one.heldBytes);
      this.#drop(one);
    }
  }

  #look(one: WatchedAnswer): void {
    const held = one.held();
    this.#bytes += held - one.heldBytes;
    one.heldBytes = held;
    const taken = one.taken();
    if (taken === one.takenBytes) return;
    one.takenBytes = taken;
    one.progressMs = this.#nowMs();
  }

  #drop(one: WatchedAnswer): void {
    this.#end(one);
    one.drop();
  }

  #end(one: WatchedAnswer): void {
    if (!this.#answers.delete(one)) return;
    this.#bytes -= one.heldBytes;
    if (this.#answers.size > 0 || this.#timer === null) return;
    clearInterval(this.#timer);
    this.#timer = null;
  }
}
