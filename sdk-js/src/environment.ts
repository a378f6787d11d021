/** What the process that we run in was given, where there is one. */

/** Undefined where there is no environment, as in browsers, or none may be read, as in Deno. */
export function environment(name: string): string | undefined {
  const { process } = globalThis as {
    process?: { env?: Record<string, string | undefined> };
  };
  try {
    return process?.env?.[name];
  } catch {
    return undefined;
  }
}
