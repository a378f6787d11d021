/// <reference lib="esnext.disposable" preserve="true" />
/**
 * The platform's telemetry, sent to a server in lists while no call waits for it.
 *
 * The queue is bounded and full rather than slow: what finds no room in it is dropped and counted,
 * as OpenTelemetry's batch processor does. The sender makes no calls, so that no hook hears of it.
 */

import { within } from "../clock.js";
import { bodies, deliver, MOST_EVENTS } from "../delivery.js";
import { apiKeyOf, beforeExit, urlOf } from "../environment.js";
import { ConfigurationError } from "../errors.js";
import type { CallEvent, Hook } from "../events.js";
import { type ClientOptions, type Settings, settings } from "../options.js";
import { type Telemetry, telemetry } from "./json_lines.js";

/** Where telemetry goes, and how. */
export interface BatchedOptions
  extends Pick<
    ClientOptions,
    "timeoutMs" | "retryPolicy" | "fetch" | "transport" | "now" | "random" | "sleep"
  > {
  /** Where it is taken: `telemetry` beside INTELGRAPH_URL, or a reference server on this machine. */
  readonly url?: string | undefined;
  /** The bearer token to send, null for none; INTELGRAPH_API_KEY unless told. */
  readonly apiKey?: string | null | undefined;
  /** How long an event may wait for others, in milliseconds; 5 s unless told. */
  readonly intervalMs?: number | undefined;
  /** The most events that wait, beyond which they are dropped; 2048 unless told. */
  readonly maxQueue?: number | undefined;
}

/**
 * Posts the calls that its `hook` is told of, a hundred at most at once: every `intervalMs`, or as
 * soon as a list is full. What waits when a program of Node's ends is sent for at most 5 s.
 */
export class Batched {
  /** For any number of clients. */
  readonly hook: Hook = (event) => this.#take(event);
  readonly #settings: Settings;
  readonly #intervalMs: number;
  readonly #maxQueue: number;
  readonly #ending: AbortController = new AbortController();
  #forget: (() => void) | undefined;
  readonly #waiting: Telemetry[] = [];
  #timer: ReturnType<typeof setTimeout> | undefined;
  #sending: Promise<void> | undefined;
  #takenIn = 0;
  #sent = 0;
  #dropped = 0;
  #refused = 0;
  #isFailing = false;
  #isClosed = false;

  /** Raises ConfigurationError for what cannot work. */
  constructor({ intervalMs = 5000, maxQueue = 2048, ...options }: BatchedOptions = {}) {
    const beside = urlOf(undefined);
    const url = options.url ?? (URL.canParse(beside) ? new URL("telemetry", beside).href : beside);
    if (!(intervalMs > 0 && maxQueue > 0)) {
      throw new ConfigurationError("intervalMs and maxQueue must be positive.");
    }
    this.#settings = settings({ ...options, url, apiKey: apiKeyOf(options.apiKey) });
    this.#intervalMs = intervalMs;
    this.#maxQueue = maxQueue;
  }

  /** How many events the server took. */
  get sent(): number {
    return this.#sent;
  }

  /** How many events found no room, or were not taken. */
  get dropped(): number {
    return this.#refused + this.#dropped;
  }

  /** Sends what waits now; returns whether it was settled in so many milliseconds. */
  async flush(timeoutMs = 5000): Promise<boolean> {
    const end = this.#takenIn;
    const settled = async (): Promise<true> => {
      while (this.#settled < end) {
        await this.#send();
      }
      return true;
    };
    return (await within(timeoutMs, undefined, settled)) ?? false;
  }

  /** Sends what waits, for at most so many milliseconds, and drops what comes later. */
  async close(timeoutMs = 5000): Promise<void> {
    this.#isClosed = true;
    this.#forget?.();
    await this.flush(timeoutMs);
    this.#ending.abort();
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.close();
  }

  get #settled(): number {
    return this.#sent + this.#dropped;
  }

  #take(event: CallEvent): void {
    if (event.type !== "CallFinished") {
      return;
    }
    if (this.#isClosed || this.#waiting.length >= this.#maxQueue) {
      this.#refused += 1;
      return;
    }
    this.#waiting.push(telemetry(event));
    this.#takenIn += 1;
    this.#forget ??= beforeExit(() => this.close());
    this.#schedule();
  }

  #schedule(): void {
    if (this.#waiting.length >= Math.min(MOST_EVENTS, this.#maxQueue)) {
      this.#send();
    } else if (this.#timer === undefined) {
      this.#timer = setTimeout(() => this.#send(), this.#intervalMs);
      // Node's alone: what waits keeps no program from its end.
      (this.#timer as { unref?: () => void }).unref?.();
    }
  }

  #send(): Promise<void> {
    this.#sending ??= this.#drain().finally(() => {
      this.#sending = undefined;
      if (this.#waiting.length > 0) {
        this.#schedule();
      }
    });
    return this.#sending;
  }

  async #drain(): Promise<void> {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    // What comes meanwhile waits for others, for many posts of few would help nobody.
    const end = this.#takenIn;
    while (this.#settled < end) {
      for (const { count, text } of bodies(this.#waiting.splice(0, MOST_EVENTS))) {
        this.#settle(count, await this.#post(text));
      }
    }
  }

  async #post(text: string): Promise<string | null> {
    const { signal } = this.#ending;
    try {
      signal.throwIfAborted();
      return await deliver(text, this.#settings, signal);
    } catch (error) {
      const { name } = Object(error) as { readonly name?: unknown };
      return signal.aborted ? "the program ends" : `its transport raised ${name}`;
    }
  }

  #settle(count: number, reason: string | null): void {
    if (reason === null) {
      this.#sent += count;
    } else {
      this.#dropped += count;
    }
    if (reason !== null && !this.#isFailing) {
      // Once for each outage, because a server that is away stays so for a while.
      console.warn(`Telemetry for ${this.#settings.host} is dropped: ${reason}.`);
    }
    this.#isFailing = reason !== null;
  }
}
