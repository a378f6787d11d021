/**
 * Server-sent events out of bytes, as the HTML standard parses them (9.2.6), and nothing else.
 */

/** One event: its type, its lines of data, and the last id that was told by then. */
export interface ServerEvent {
  readonly type: string;
  readonly data: string;
  readonly id: string | null;
}

// No header could bring such an id back.
// biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is looked for.
const CONTROL = /[\x00-\x08\x0a-\x1f\x7f]/;

/** Takes the chunks of one connection; the last event's id outlives it. */
export class EventParser {
  /** Of the last event that came whole: behind one that broke off, it would be lost. */
  lastId: string | null;
  /** The least milliseconds before coming back, as the server has said by `retry`. */
  waitMs: number;
  #id: string | null;
  // It passes over a byte order mark, which is no part of the stream.
  readonly #decoder = new TextDecoder();
  #rest = "";
  #mayBeHalf = false;
  #type = "";
  #data: string[] = [];

  constructor(lastId: string | null = null, waitMs = 0) {
    this.lastId = lastId;
    this.waitMs = waitMs;
    this.#id = lastId;
  }

  /** The events that are complete with this chunk. */
  *feed(chunk: Uint8Array): Generator<ServerEvent> {
    const lines = (this.#rest + this.#decoded(chunk)).split(/\r\n|\n|\r/);
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

  #decoded(chunk: Uint8Array): string {
    const text = this.#decoder.decode(chunk, { stream: true });
    // A carriage return ends its line at once, and a line feed behind it is of the same end.
    const isOtherHalf = this.#mayBeHalf && text.startsWith("\n");
    this.#mayBeHalf = text ? text.endsWith("\r") : this.#mayBeHalf;
    return isOtherHalf ? text.slice(1) : text;
  }

  #field(name: string | undefined, value: string): void {
    if (name === "event") {
      this.#type = value;
    } else if (name === "data") {
      this.#data.push(value);
    } else if (name === "id" && !CONTROL.test(value)) {
      this.#id = value || null;
    } else if (name === "retry" && /^\d{1,9}$/.test(value)) {
      // Not so long that no clock could count it.
      this.waitMs = Number(value);
    }
  }
}
