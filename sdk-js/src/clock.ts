/**
 * Time and chance, as a call needs them. Tests pass their own and wait for nothing.
 */

/** Where a client takes time and chance from. */
export interface Clock {
  /** The milliseconds since 1970; they should never jump. */
  readonly now: () => number;
  /** A number from 0 up to, but not including, 1. */
  readonly random: () => number;
  /** Waits; rejects with the signal's reason when it is aborted first. */
  readonly sleep: (delayMs: number, signal?: AbortSignal) => Promise<void>;
  /** Gives unique text, for calls that need an id. */
  readonly newId: () => string;
}

/** The system's time, counted on from the start, so that a corrected date is no jump. */
export const now = (): number => {
  return performance.timeOrigin + performance.now();
};

/** 128 random bits; UUIDs are not to be had where a page's origin is not secure. */
export const newId = (): string => {
  return crypto.getRandomValues(new Uint32Array(4)).join("-");
};

/** Waits by a timer. */
export const sleep = (delayMs: number, signal?: AbortSignal): Promise<void> => {
  return within(delayMs, signal, () => new Promise(() => {}));
};

/**
 * Ends with the first of: the work's own end, undefined after the time, the reason of the
 * caller's abort; and leaves nothing running. The work is told to stop by its signal.
 */
export const within = <T>(
  timeMs: number,
  signal: AbortSignal | undefined,
  work: (signal: AbortSignal) => Promise<T>,
): Promise<T | undefined> => {
  const controller = new AbortController();
  let stop: () => void;
  let timer: ReturnType<typeof setTimeout>;
  return new Promise<T | undefined>((resolve, reject) => {
    stop = () => {
      controller.abort();
      signal?.aborted ? reject(signal.reason) : resolve(undefined);
    };
    // Timers with a longer delay fire at once.
    timer = setTimeout(stop, Math.min(timeMs, 2 ** 31 - 1));
    signal?.addEventListener("abort", stop);
    signal?.aborted ? stop() : work(controller.signal).then(resolve, reject);
  }).finally(() => {
    clearTimeout(timer);
    signal?.removeEventListener("abort", stop);
  });
};
