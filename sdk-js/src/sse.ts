/**
 * Server-sent events out of bytes, as the HTML standard parses them (9.2.6), and nothing else.
 */

/** One event: its type, its lines of data, and the last id that was told by then. */
export interface ServerEvent {
  readonly type: string;
  readonly data: string;
  readonly id: string | null;
}

/** Takes the chunks of one connection; the last event's id and `retry` outlive it. */
export class EventParser {
  /** Of the last event that came whole: behind one that broke off, it would be lost. */
  lastId: string | null;
  /** How long to wait before coming back, in milliseconds; 0 where the server has not said so. */
  retryMs: number;
  #id: string | null;
  // It passes over a byte order mark, which is no part of the stream.
  readonly #decoder = new TextDecoder();
  #rest = "";
  #type = "";
  #data: string[] = [];

  constructor(lastId: string | null = null, retryMs = 0) {
    this.lastId = lastId;
    this.retryMs = retryMs;
    this.#id = lastId;
  }

  /** The events that are complete with this chunk. */
  *feed(chunk: Uint8Array): Generator<ServerEvent> {
    const text = this.#rest + this.#decoder.decode(chunk, { stream: true });
    // A carriage return at the very end may be half of a line end.
    const lines = text.split(/\r\n|\n|\r(?!$)/);
    this.#rest = lines.pop() ?? "";
    for (const line of lines) {
      if (line) {
        const [, name, value = ""] = /^([^:]*):? ?(.*)$/s.exec(line) ?? [];
        this.#field(name, value);
        continue;
      }
      this.lastId = this.#id;
      if (this.#data.length > 0) {
        yield { type: this.#type || "message", data: this.#data.join("\n"), id: this.lastId };
      }
      this.#type = "";
      this.#data = [];
    }
  }

  #field(name: string | undefined, value: string): void {
    if (name === "event") {
      this.#type = value;
    } else if (name === "data") {
      this.#data.push(value);
    } else if (name === "id" && !value.includes("\0")) {
      this.#id = value || null;
    } else if (name === "retry" && /^\d+$/.test(value)) {
      // Not so long that no clock could count it.
      this.retryMs = Number(value.slice(0, 9));
    }
  }
}
