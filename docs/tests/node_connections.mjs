/**
 * Runs the guide's recipes for Node against a server that asks for certificates, and a proxy that
 * tunnels, or refuses where it is told so. Prints what the server and the proxy saw.
 */

import { once } from "node:events";
import { readFileSync } from "node:fs";
import { createServer as createProxy } from "node:http";
import { createServer } from "node:https";
import { connect } from "node:net";

// Both listen already, so that their ports are nobody else's.
const [serverHandle, proxyHandle, serverPort] = process.argv.slice(2).map(Number);
const seen = { certificates: [], tunnels: [], results: {} };

const server = createServer(
  {
    ca: readFileSync("authority.pem"),
    cert: readFileSync("server.pem"),
    key: readFileSync("server.key"),
    requestCert: true,
    rejectUnauthorized: false,
  },
  async (request, response) => {
    await request.resume().toArray();
    seen.certificates.push(request.socket.getPeerCertificate().subject?.CN ?? null);
    response.writeHead(200, { "content-type": "application/json" });
    response.end('{"data":{"trustTiles":[]}}');
  },
).listen({ fd: serverHandle });

let isRefusing = false;
const proxy = createProxy().listen({ fd: proxyHandle });
proxy.on("connect", ({ url }, client) => {
  seen.tunnels.push(url.replace(/:.*/, ""));
  if (isRefusing) {
    client.end("HTTP/1.1 403 Forbidden\r\n\r\n");
    return;
  }
  const there = connect(serverPort, "127.0.0.1", () => {
    client.write("HTTP/1.1 200 Connection established\r\n\r\n");
    there.pipe(client).pipe(there);
  });
});
await Promise.all([once(server, "listening"), once(proxy, "listening")]);

/** The value of a call, or the name of the error that it ended with. */
function told(client) {
  return client.trustTiles({ maxRetries: 0 }).catch((error) => error.name);
}

const [tls, tunnelled, untrusting] = await Promise.all(
  ["mutual_tls", "through_a_proxy", "untrusting"].map((name) => import(`${process.cwd()}/${name}.js`)),
);
seen.results.mutualTls = await told(tls.client);
seen.results.throughProxy = await told(tunnelled.client);
seen.results.untrusted = await told(untrusting.client);
isRefusing = true;
seen.results.refusedByProxy = await told(tunnelled.client);
proxy.close();
proxy.closeAllConnections();
seen.results.withoutProxy = await told(tunnelled.client);
console.log(JSON.stringify(seen));
process.exit(0);
