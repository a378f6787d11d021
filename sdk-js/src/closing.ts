/**
 * What is open of a client, and how it ends. `fetch` owns the connections, and a call ends by its
 * own deadline, so that only subscriptions are left to close.
 */

import { type BaseClient, settingsOf } from "./client.js";

// By what a client and its copies have in common: each subscription, and the settings it runs by.
const running: WeakMap<object, Map<AbortController, object>> = new WeakMap();

/**
 * Ends the subscriptions of the client and of its copies, with an AbortError; of a copy, those
 * that it opened.
 */
export function close(client: BaseClient): void {
  const own = settingsOf.get(client) as object;
  for (const [controller, settings] of running.get(rootOf(own)) ?? []) {
    // Settings are inherited, by copies as by calls.
    if (Object.prototype.isPrototypeOf.call(own, settings)) {
      controller.abort(new DOMException("The client was closed.", "AbortError"));
    }
  }
}

/** A signal that ends with the caller's own, with the client or by `end`, until it is let go. */
export function endingWith(
  settings: object,
  signal: AbortSignal | undefined,
): {
  readonly signal: AbortSignal;
  readonly end: (reason: unknown) => void;
  readonly release: () => void;
} {
  const root = rootOf(settings);
  const controllers = running.get(root) ?? new Map();
  const controller = new AbortController();
  const stop = () => controller.abort(signal?.reason);
  running.set(root, controllers.set(controller, settings));
  signal?.addEventListener("abort", stop);
  if (signal?.aborted) {
    stop();
  }
  const release = () => {
    controllers.delete(controller);
    signal?.removeEventListener("abort", stop);
  };
  return { signal: controller.signal, end: (reason) => controller.abort(reason), release };
}

/** What the settings of a client and of its copies have in common. */
function rootOf(settings: object): object {
  const above: object = Object.getPrototypeOf(settings);
  return above === Object.prototype ? settings : rootOf(above);
}
