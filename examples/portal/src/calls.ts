/**
 * Calls through the packed client, as what a page shows: nothing yet, a failure, or a value.
 * The session is a cookie that no script sees, so the client is made without a key.
 */

import { BaseClient, IntelGraphError, type Operation, subscribe } from "@intelgraph/sdk/runtime";
import { useCallback, useEffect, useRef, useState } from "preact/hooks";

const client = new BaseClient({ url: `${location.origin}/graphql`, apiKey: null });
const SIGNED_OUT = "intelgraph-signed-out";

/** What became of a call; the value before stays while a newer one is on its way. */
export interface Loading<T> {
  readonly value?: T | undefined;
  readonly error?: unknown;
  reload(): Promise<void>;
}

/** Calls an operation; tells `onSignedOut` when nobody is signed in. */
export async function call<Data, Variables>(
  operation: Operation<Data, Variables>,
  variables: Variables,
  signal?: AbortSignal,
): Promise<Data> {
  try {
    return await client.execute(operation, variables, { signal });
  } catch (error) {
    if (error instanceof IntelGraphError && error.code === "UNAUTHENTICATED") {
      dispatchEvent(new Event(SIGNED_OUT));
    }
    throw error;
  }
}

/** Is told when a call found that the session is over. */
export function onSignedOut(told: () => void): () => void {
  addEventListener(SIGNED_OUT, told);
  return () => removeEventListener(SIGNED_OUT, told);
}

/** Calls an operation when its place is first shown, and again when its variables change. */
export function useCall<Data, Variables>(
  operation: Operation<Data, Variables>,
  variables: Variables,
): Loading<Data> {
  const key = JSON.stringify(variables);
  const load = useCallback(
    (signal?: AbortSignal) => call(operation, variables, signal),
    [operation, key],
  );
  return useLoading(load);
}

/** A list that is read page by page. */
export interface Pages<Node> extends Loading<readonly Node[]> {
  /** Reads the next page; absent when there is none. */
  readonly more?: (() => Promise<void>) | undefined;
}

interface Connection<Node> {
  readonly pageInfo: { readonly hasNextPage: boolean; readonly endCursor: string | null };
  readonly edges: ReadonlyArray<{ readonly node: Node }>;
}

interface Paged {
  readonly first?: number | undefined;
  readonly after?: string | null | undefined;
}

/** Reads the first page of a list, and further pages when they are asked for. */
export function usePages<Data, Node>(
  operation: Operation<Data, Paged>,
  pick: (data: Data) => Connection<Node>,
): Pages<Node> {
  const [pages, setPages] = useState(1);
  const load = useCallback(
    async (signal?: AbortSignal) => {
      const nodes: Node[] = [];
      let after: string | null = null;
      // All pages anew, so that what changed meanwhile is neither doubled nor lost.
      for (let page = 0; page < pages; page += 1) {
        const { edges, pageInfo } = pick(await call(operation, { after }, signal));
        nodes.push(...edges.map(({ node }) => node));
        after = pageInfo.hasNextPage ? pageInfo.endCursor : null;
        if (!after) {
          break;
        }
      }
      return { nodes, hasMore: after !== null };
    },
    [operation, pages],
  );
  const { value, error, reload } = useLoading(load);
  const more = value?.hasMore ? async () => setPages(pages + 1) : undefined;
  return { value: value?.nodes, error, reload, more };
}

/** Asks again at an interval, as long as somebody looks; never without an interval. */
export function useRenewal(
  intervalMs: number | undefined,
  ...sources: ReadonlyArray<Loading<unknown>>
): void {
  useEffect(() => {
    if (intervalMs === undefined) {
      return;
    }
    const timer = setInterval(() => {
      if (document.visibilityState === "visible") {
        for (const source of sources) {
          void source.reload();
        }
      }
    }, intervalMs);
    return () => clearInterval(timer);
  });
}

/** Reads its sources anew whenever the server tells an event, as long as it is on. */
export function useEvents<Data>(
  isOn: boolean,
  operation: Operation<Data, Record<string, never>>,
  ...sources: ReadonlyArray<Loading<unknown>>
): void {
  const newest = useRef(sources);
  newest.current = sources;
  useEffect(() => {
    if (!isOn) {
      return;
    }
    const ending = new AbortController();
    void follow(operation, ending.signal, () => {
      for (const source of newest.current) {
        void source.reload();
      }
    });
    return () => ending.abort();
  }, [isOn, operation]);
}

async function follow<Data>(
  operation: Operation<Data, Record<string, never>>,
  signal: AbortSignal,
  told: () => void,
): Promise<void> {
  try {
    for await (const _ of subscribe(client, operation, {}, { signal }, (data) => data)) {
      told();
    }
  } catch {
    // The client has come back as often as it makes sense; what is left is the renewal.
  }
}

function useLoading<T>(load: (signal?: AbortSignal) => Promise<T>): Loading<T> {
  const [state, setState] = useState<{ value?: T; error?: unknown }>({});
  const run = useCallback(
    async (signal?: AbortSignal) => {
      try {
        const value = await load(signal);
        setState({ value });
      } catch (error) {
        if (!signal?.aborted) {
          setState((before) => ({ ...before, error }));
        }
      }
    },
    [load],
  );
  useEffect(() => {
    const ending = new AbortController();
    void run(ending.signal);
    return () => ending.abort();
  }, [run]);
  return { ...state, reload: () => run() };
}
