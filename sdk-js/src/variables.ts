/**
 * Values as they travel. A member that is undefined is not set, null is null; what JSON would
 * silently turn into null is refused, because the server would take it for a wish.
 */

/** The value as compact JSON; RangeError for what JSON cannot hold. */
export function encode(value: unknown): string {
  return JSON.stringify(value, (_name, member) => {
    if (typeof member === "number" && !Number.isFinite(member)) {
      throw new RangeError("A variable is NaN or infinite, unlike JSON.");
    }
    return member;
  });
}
