/**
 * Variables as they travel. A member that is undefined is not set, null is null; what JSON
 * would silently turn into null is refused, because the server would take it for a wish.
 */

/** The variables to send, or undefined when none is set. */
export function encodeVariables(variables: unknown): unknown {
  const isSet = Object.values(variables ?? {}).some((value) => value !== undefined);
  return isSet ? variables : undefined;
}

/** For `JSON.stringify`: refuses numbers that JSON cannot hold. */
export function refuseNonFinite(name: string, value: unknown): unknown {
  if (typeof value === "number" && !Number.isFinite(value)) {
    throw new RangeError(`The variable "${name}" is ${value}, which JSON cannot hold.`);
  }
  return value;
}
