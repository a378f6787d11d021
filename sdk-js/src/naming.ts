/** How telemetry names where a call goes and what went wrong: never in words of a server. */

// A code is the server's, but what does not look like one would be a value without bounds.
const CODE = /^[A-Z][A-Z0-9_]{0,63}$/;

/** The server's code for an error if there is one, or else the name of its class. */
export function errorType(error: unknown): string {
  const { code, name } = Object(error) as { readonly code?: unknown; readonly name?: unknown };
  if (typeof code === "string" && CODE.test(code)) {
    return code;
  }
  // A caller may give any reason for ending a call.
  return typeof name === "string" ? name : "_OTHER";
}

/** The host and the port of an HTTP address. */
export function serverOf(url: string): { readonly host: string; readonly port: number } {
  const { protocol, hostname, port } = new URL(url);
  const host = hostname.replace(/^\[|\]$/g, "");
  return { host, port: Number(port) || (protocol === "https:" ? 443 : 80) };
}

/** The same as one word, as messages name it. */
export function hostOf(url: string): string {
  const { host, port } = serverOf(url);
  return host.includes(":") ? `[${host}]:${port}` : `${host}:${port}`;
}
