/**
 * Values as they travel. A member that is undefined is not set, null is null; what JSON would
 * silently turn into null is refused, because the server would take it for a wish.
 */

/**
 * A message as compact JSON, without variables of which none is set, which stand at its end;
 * RangeError for what JSON cannot hold.
 */
export const encode = (message: object): string => {
  const text = JSON.stringify(message);
  // What JSON has no name for is null in it, so only then each value is looked at.
  if (text.includes("null")) {
    JSON.stringify(message, (_name, value) => {
      if (typeof value === "number" && !Number.isFinite(value)) {
        throw new RangeError("A variable is NaN or infinite.");
      }
      return value;
    });
  }
  return text.replace(/,"variables":({}|null)}$/, "}");
};
