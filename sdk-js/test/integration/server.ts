/** Starts the reference server as a process of its own, and ends it. */

import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";

export interface ReferenceServer {
  readonly url: string;
  readonly tokens: Readonly<Record<string, string>>;
  /** Has the next requests fail as it says. */
  fail(fault: object): Promise<void>;
  /** Has the next requests succeed again. */
  recover(): Promise<void>;
  stop(): Promise<void>;
}

const PACKAGE = new URL("../../", import.meta.url);

/** A fresh server on a free port, with the seed and the clock that tests rely on. */
export async function startReferenceServer(): Promise<ReferenceServer> {
  const python = process.env.INTELGRAPH_PYTHON ?? "../.nox/main/bin/python";
  const serve = "-m intelgraph_server serve --port 0 --ephemeral --seed 1 --faults";
  const args = [...serve.split(" "), "--clock", "2026-04-15T00:00:00Z"];
  const child = spawn(python, args, {
    cwd: fileURLToPath(PACKAGE),
    stdio: ["ignore", "pipe", "inherit"],
  });
  const { url, tokens, faults } = JSON.parse(await firstLine(child));
  return {
    url,
    tokens,
    fail: (fault) => order(faults, "POST", JSON.stringify(fault)),
    recover: () => order(faults, "DELETE"),
    stop: () => stop(child),
  };
}

async function order(faults: string, method: string, body?: string): Promise<void> {
  const headers = { "content-type": "application/json" };
  const response = await fetch(faults, { method, headers, ...(body && { body }) });
  if (!response.ok) {
    throw new Error(`The reference server refused the order with ${response.status}.`);
  }
}

async function firstLine(child: ChildProcess): Promise<string> {
  const lines = createInterface({ input: child.stdout as NodeJS.ReadableStream });
  const line = once(lines, "line").then(([text]) => String(text));
  const end = once(child, "exit").then(([code]) => {
    throw new Error(`The reference server ended with ${code} before it was ready.`);
  });
  return Promise.race([line, end]);
}

async function stop(child: ChildProcess): Promise<void> {
  if (child.exitCode === null && child.signalCode === null) {
    child.kill();
    await once(child, "exit");
  }
}
