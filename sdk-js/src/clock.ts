/**
 * Bounds work in time, by a limit or by the caller's abort, and leaves nothing running.
 */

/**
 * Ends with the first of: the work's own end, undefined after the time, the reason of the
 * caller's abort. The work is told to stop by its signal.
 */
export function within<T>(
  timeMs: number,
  signal: AbortSignal | undefined,
  work: (signal: AbortSignal) => Promise<T>,
): Promise<T | undefined> {
  return new Promise((resolve, reject) => {
    const controller = new AbortController();
    const release = (): void => {
      clearTimeout(timer);
      signal?.removeEventListener("abort", abort);
    };
    const abort = (): void => {
      release();
      reject(signal?.reason);
      controller.abort();
    };
    const expire = (): void => {
      release();
      resolve(undefined);
      controller.abort();
    };
    // Timers with a longer delay fire at once.
    const timer = setTimeout(expire, Math.min(timeMs, 2 ** 31 - 1));
    if (signal?.aborted) {
      abort();
      return;
    }
    signal?.addEventListener("abort", abort);
    work(controller.signal).then(resolve, reject).finally(release);
  });
}
