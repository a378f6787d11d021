/** Options in which undefined means the same as absent. */

/** With every member optional, and undefined the same as absent. */
export type Loose<T> = { readonly [Name in keyof T]?: T[Name] | undefined };

/** What was given of the options, so that it can be laid over defaults. */
export function given<T extends object>(options: Loose<T> | undefined): Partial<T> {
  const members = Object.entries(options ?? {}).filter(([, value]) => value !== undefined);
  return Object.fromEntries(members) as Partial<T>;
}
