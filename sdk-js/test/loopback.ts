/** Servers of a test's own on this machine, ended with the test. */

import { once } from "node:events";
import { createServer, type RequestListener, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { afterEach } from "node:test";

const running: Server[] = [];

/** Ends them now; nobody answers at their addresses any more. */
export async function stop(): Promise<void> {
  const ends = running.splice(0).map((server) => {
    const closed = once(server, "close");
    server.close();
    server.closeAllConnections();
    return closed;
  });
  await Promise.all(ends);
}

afterEach(stop);

/** The address of a server that answers by the listener, on a free port. */
export async function served(listener: RequestListener): Promise<string> {
  const server = createServer(listener);
  running.push(server);
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}/graphql`;
}
