/** Stands in for `node:test` where tests are to be collected, and run one by one. */

export { mock } from "node:test";

/** The tests of the module that is being imported, by their titles. */
export const collected = new Map();

export const test = (title, run) => collected.set(title, run);
