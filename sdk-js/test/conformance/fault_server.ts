/** A real HTTP server that answers as a vector's exchanges say, also by breaking off. */

import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { text } from "node:stream/consumers";

import type { FetchInit, FetchResponse } from "@intelgraph/sdk/runtime";
import type { Exchange } from "./vectors.js";

const MEDIA_TYPE = "application/graphql-response+json";

/** What the server was sent. */
export interface Seen {
  readonly method: string;
  readonly url: string;
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
  readonly body: string;
}

/** Serves exchanges in their order; `took` hears of the time that each of them takes. */
export class FaultServer {
  readonly seen: Seen[] = [];
  readonly #server: Server;
  #exchanges: Exchange[] = [];
  #took: (ms: number) => void = () => {};
  readonly #closedPort: number;

  private constructor(closedPort: number) {
    this.#closedPort = closedPort;
    this.#server = createServer((request, response) => this.#answer(request, response));
  }

  static async start(): Promise<FaultServer> {
    const closed = createServer();
    const server = new FaultServer(await listening(closed));
    await listening(server.#server);
    await new Promise((done) => closed.close(done));
    return server;
  }

  play(exchanges: readonly Exchange[], took: (ms: number) => void): void {
    this.#exchanges = [...exchanges];
    this.#took = took;
    this.seen.length = 0;
  }

  get exchangesLeft(): number {
    return this.#exchanges.length;
  }

  /** A `fetch` that comes here whatever the address, or nowhere where the vector says so. */
  readonly fetch = (_url: string, init: FetchInit): Promise<FetchResponse> => {
    const isRefused = this.#exchanges[0]?.failure === "connect";
    if (isRefused) {
      this.seen.push({
        method: init.method,
        url: "",
        headers: init.headers,
        body: init.body ?? "",
      });
      this.#took(this.#exchanges.shift()?.takesMs ?? 0);
    }
    const { port } = this.#server.address() as AddressInfo;
    return fetch(`http://127.0.0.1:${isRefused ? this.#closedPort : port}/graphql`, init);
  };

  async stop(): Promise<void> {
    this.#server.closeAllConnections();
    await new Promise((closed) => this.#server.close(closed));
  }

  async #answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const { method = "", url = "", headers } = request;
    this.seen.push({ method, url, headers, body: await text(request) });
    const exchange = this.#exchanges.shift();
    if (exchange === undefined) {
      response.writeHead(599).end("this request is not in the vector");
      return;
    }
    this.#took(exchange.takesMs ?? 0);
    if (exchange.reply !== undefined) {
      const { status, headers: given, json, text = JSON.stringify(json) ?? "" } = exchange.reply;
      response.writeHead(status, { "content-type": MEDIA_TYPE, ...given }).end(text);
    } else if (exchange.failure === "read") {
      response.writeHead(200, { "content-type": MEDIA_TYPE, "content-length": "100" });
      response.write('{"data":', () => response.destroy());
    }
    // A timeout is a server that says nothing until the client goes away.
  }
}

async function listening(server: Server): Promise<number> {
  await new Promise<void>((listens) => server.listen(0, "127.0.0.1", listens));
  return (server.address() as AddressInfo).port;
}
