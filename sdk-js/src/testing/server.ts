/**
 * The installed reference server, started for tests and ended surely:
 *
 *     const server = await startServer({ seed: 2 });
 *     after(() => server.stop());           // or: await using server = await startServer();
 *     const client = new IntelGraph({ url: server.url, apiKey: server.tokens.acme });
 *
 * It is the command `intelgraph-server`, on a free port, with a database of its own. It ends with
 * the process that started it, even where that one is killed. For Node alone.
 */

import { ConfigurationError } from "../runtime.js";

/** How the server is started. */
export interface ServerOptions {
  /** Varies the demonstration data; 1 unless told. */
  readonly seed?: number | undefined;
  /** Where its time stands, in RFC 3339; null lets time pass. */
  readonly clock?: string | null | undefined;
  /** Which documents it runs: any, or the published ones only. */
  readonly documents?: "open" | "allow-list" | undefined;
  /** How long it may take to be ready; 30 s unless told. */
  readonly patienceMs?: number | undefined;
  /** The program, where it has another name or place. */
  readonly command?: string | undefined;
}

/** A running server: where it answers, and a token of each of its tenants. */
export interface RunningServer {
  readonly url: string;
  readonly tokens: Readonly<Record<string, string>>;
  /**
   * Makes the next requests fail: `{ next: 2, status: 503, retryAfter: 1 }`, or `drop: true`.
   * Rejects a fault that there is none of.
   */
  fail(fault: object): Promise<void>;
  /** Makes the next requests succeed again. */
  recover(): Promise<void>;
  /** Ends it; resolves once it is gone. */
  stop(): Promise<void>;
  [Symbol.asyncDispose](): Promise<void>;
}

/** Where the server's time stands unless a test says otherwise. */
export const defaultClock = "2026-04-15T00:00:00Z";

// Running requests are given so long.
const END_MS = 10_000;

/** Starts a server; rejects with a ConfigurationError where it is not installed or not ready. */
export async function startServer(options: ServerOptions = {}): Promise<RunningServer> {
  const { seed = 1, clock = defaultClock, documents = "open", patienceMs = 30_000 } = options;
  const { command = "intelgraph-server" } = options;
  const serve = ["serve", "--port", "0", "--ephemeral", "--faults", "--seed", `${seed}`];
  const time = clock === null ? [] : ["--clock", clock];
  // By a name that no bundler follows, and without the types of Node in every other module.
  const { spawn } = (await import("node:child_process" as string)) as ChildProcesses;
  const child = spawn(command, [...serve, "--documents", documents, ...time], {
    stdio: ["ignore", "pipe", "pipe"],
  });
  const ended = new Promise<void>((resolve) => child.once("exit", () => resolve()));
  const ready = JSON.parse(await firstLine(child, command, patienceMs)) as Ready;
  const stop = (): Promise<void> => end(child, ended);
  return {
    url: ready.url,
    tokens: ready.tokens,
    fail: (fault) => order(ready.faults, "POST", JSON.stringify(fault)),
    recover: () => order(ready.faults, "DELETE"),
    stop,
    [Symbol.asyncDispose]: stop,
  };
}

function firstLine(child: Child, command: string, patienceMs: number): Promise<string> {
  return new Promise((resolve, reject) => {
    let isLate = false;
    const late = setTimeout(() => {
      isLate = true;
      child.kill("SIGKILL");
    }, patienceMs);
    let [out, told] = ["", ""];
    child.stdout.on("data", (part) => {
      out += part;
      if (out.includes("\n")) {
        clearTimeout(late);
        release(child);
        resolve(out);
      }
    });
    child.stderr.on("data", (part) => {
      told += part;
    });
    child.once("error", () => {
      clearTimeout(late);
      const remedy = "`pip install intelgraph-server` brings it";
      reject(new ConfigurationError(`There is no command ${command} here; ${remedy}.`));
    });
    // Behind `exit` there may still be something to read.
    child.once("close", (code) => {
      clearTimeout(late);
      // The last line says why; those before it are the usage, or a traceback.
      const said = told.trim().split("\n").at(-1) || "it said nothing";
      const what = isLate
        ? `The server was not ready within ${patienceMs} ms, and was ended; give it more patienceMs.`
        : `The server ended with ${code} before it was ready: ${said}`;
      reject(new ConfigurationError(what));
    });
  });
}

/** Lets the process of the tests end by itself, which ends the server. */
function release(child: Child): void {
  child.unref();
  child.stdout.unref();
  child.stderr.unref();
}

async function end(child: Child, ended: Promise<void>): Promise<void> {
  child.ref();
  child.kill();
  const late = setTimeout(() => child.kill("SIGKILL"), END_MS);
  await ended;
  clearTimeout(late);
}

async function order(faults: string, method: string, body?: string): Promise<void> {
  const headers = { "content-type": "application/json" };
  const response = await fetch(faults, { method, headers, ...(body && { body }) });
  if (!response.ok) {
    const { errors } = (await response.json()) as { readonly errors: readonly Error[] };
    throw new Error(`The server refused the order: ${errors[0]?.message}`);
  }
}

interface Ready {
  readonly url: string;
  readonly tokens: Readonly<Record<string, string>>;
  readonly faults: string;
}

// As much of `node:child_process` as is needed here.
interface ChildProcesses {
  spawn(command: string, args: readonly string[], options: object): Child;
}

interface Child {
  readonly stdout: Output;
  readonly stderr: Output;
  once(event: "error" | "exit" | "close", listener: (code: number | null) => void): void;
  kill(signal?: string): void;
  ref(): void;
  unref(): void;
}

interface Output {
  on(event: "data", listener: (part: unknown) => void): void;
  unref(): void;
}
