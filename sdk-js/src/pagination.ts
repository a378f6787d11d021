/**
 * Pages and items of any connection, one request a page, each sent when it is needed. Apart from
 * the client, so that an app that reads no list to its end does not carry it.
 */

import type { BaseClient } from "./client.js";
import type { Operation } from "./operation.js";
import type { CallOptions } from "./options.js";

/** What generated code finds in one answer: the items of its page and how to go on. */
export interface PageOf<Result, Item> {
  /** What the operation's method returns. */
  readonly result: Result;
  /** In the order in which they are handed out: a list that is read backward is reversed. */
  readonly items: ReadonlyArray<Item> | null | undefined;
  readonly hasMore: boolean | null | undefined;
  /** Where the next page begins; null where the page is empty, or gives no cursor. */
  readonly cursor: string | null | undefined;
  /** Where each item ends; absent where edges give no cursors. */
  readonly cursors?: ReadonlyArray<string | null> | null | undefined;
}

/** The options of the call that each page is, and how much of the list is wanted. */
export interface IterOptions extends CallOptions {
  /** How many items to hand out at most; all of them unless told. */
  readonly limit?: number | undefined;
}

/**
 * The items of the connection that `page` finds in an operation's data; `cursor` is the variable
 * that takes the cursor. Generated code calls it; raises RangeError for a limit below 0.
 */
export function paginate<Data, Variables extends object, Result, Item>(
  client: BaseClient,
  operation: Operation<Data, Variables>,
  variables: NoInfer<Variables>,
  options: IterOptions | undefined,
  cursor: keyof Variables & string,
  page: (data: Data) => PageOf<Result, Item>,
): Paginator<Result, Item> {
  const { limit, ...call } = options ?? {};
  const given = variables[cursor];
  const ask = async (at: string | null) => {
    const asked = at === null ? variables : { ...variables, [cursor]: at };
    return page(await client.execute(operation, asked, call));
  };
  return new Paginator(ask, typeof given === "string" ? given : null, limit);
}

/**
 * The items of a connection. Nothing is open between two requests, so a loop may be left and
 * taken up again at any time; after an error the next item asks for the same page again.
 */
export class Paginator<Result, Item> implements AsyncIterableIterator<Item, undefined> {
  readonly #ask: (cursor: string | null) => Promise<PageOf<Result, Item>>;
  // One text for each page is little beside the page, and finds a circle of any length.
  readonly #asked = new Set<string | null>();
  #cursor: string | null;
  #hasMore = true;
  #left: number;
  #isOver = false;
  #page: PageOf<Result, Item> | null = null;
  #index = 0;
  /** Settles when nobody is being answered any more, as whoever asks must wait for his turn. */
  #turn: Promise<unknown> = Promise.resolve();

  constructor(
    ask: (cursor: string | null) => Promise<PageOf<Result, Item>>,
    cursor: string | null,
    limit: number = Number.POSITIVE_INFINITY,
  ) {
    if (!(limit >= 0 && (Number.isInteger(limit) || limit === Number.POSITIVE_INFINITY))) {
      throw new RangeError(`limit is the number of items to hand out, and cannot be ${limit}`);
    }
    this.#ask = ask;
    this.#cursor = cursor;
    this.#left = limit;
  }

  /**
   * Where to go on: give it as the operation's cursor to read what was not handed out yet.
   *
   * Nothing is skipped. Where edges are selected with their cursors nothing is repeated either;
   * elsewhere this is the beginning of the page that is being read, until its last item was
   * handed out. Before the first page it is the one that was given.
   */
  get cursor(): string | null {
    return this.#cursor;
  }

  /**
   * Whether more may follow what was handed out, by all that the server has said.
   *
   * True before the first page. It stays true behind `limit`, and where reading stopped because
   * the server promised more but gave no cursor that leads there.
   */
  get hasMore(): boolean {
    return this.#hasMore;
  }

  /** The next item. */
  next(): Promise<IteratorResult<Item, undefined>> {
    return this.#inTurn(async () => {
      while (this.#inHand === 0 || this.#left < 1) {
        if (!(await this.#fetch())) {
          return { done: true, value: undefined };
        }
      }
      return { done: false, value: this.#take() };
    });
  }

  [Symbol.asyncIterator](): this {
    return this;
  }

  /**
   * What the operation's own method would return, for each page from `cursor` on. A page is never
   * cut: `limit` only ends the asking once so many items have come.
   */
  async *pages(): AsyncGenerator<Result, void, undefined> {
    for (;;) {
      const page = await this.#inTurn(async () =>
        (await this.#fetch()) ? this.#takePage() : null,
      );
      if (page === null) {
        return;
      }
      yield page.result;
    }
  }

  get #inHand(): number {
    return (this.#page?.items?.length ?? this.#index) - this.#index;
  }

  #inTurn<Value>(step: () => Promise<Value>): Promise<Value> {
    const answer = this.#turn.then(step);
    // An error is for the one who asked; the next one tries again.
    this.#turn = answer.catch(() => {});
    return answer;
  }

  /** Asks for the next page; false when there is none to ask for. */
  async #fetch(): Promise<boolean> {
    if (this.#isOver || this.#left < 1) {
      return false;
    }
    const page = await this.#ask(this.#cursor);
    this.#asked.add(this.#cursor);
    this.#page = page;
    this.#index = 0;
    if (this.#inHand === 0) {
      this.#turnPage(page);
    }
    return true;
  }

  #take(): Item {
    const page = this.#page as PageOf<Result, Item>;
    const item = page.items?.[this.#index] as Item;
    this.#index += 1;
    this.#left -= 1;
    if (this.#inHand === 0) {
      this.#turnPage(page);
    } else {
      this.#cursor = page.cursors?.[this.#index - 1] ?? this.#cursor;
    }
    return item;
  }

  #takePage(): PageOf<Result, Item> {
    const page = this.#page as PageOf<Result, Item>;
    this.#left -= this.#inHand;
    this.#index = page.items?.length ?? 0;
    this.#turnPage(page);
    return page;
  }

  #turnPage(page: PageOf<Result, Item>): void {
    const end = page.cursor ?? page.cursors?.at(-1) ?? null;
    this.#cursor = end ?? this.#cursor;
    this.#hasMore = page.hasMore === true;
    this.#isOver = !this.#hasMore || end === null || this.#asked.has(end);
  }
}
