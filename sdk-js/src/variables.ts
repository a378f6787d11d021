/**
 * Variables as they travel. A member that is undefined is not set, null is null; what JSON
 * would silently turn into null is refused, because the server would take it for a wish.
 */

/** The variables to send, or undefined when none is set; RangeError for what JSON cannot hold. */
export function encodeVariables(variables: unknown): unknown {
  if (!isEncodable(variables)) {
    throw new RangeError("A variable is NaN or infinite, unlike JSON.");
  }
  const isSet = Object.values(variables ?? {}).some((value) => value !== undefined);
  return isSet ? variables : undefined;
}

function isEncodable(value: unknown): boolean {
  return typeof value === "number"
    ? Number.isFinite(value)
    : typeof value !== "object" || Object.values(value ?? {}).every(isEncodable);
}
