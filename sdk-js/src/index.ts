/**
 * The public surface of @intelgraph/sdk: the client of our schema, its operations and their
 * types, and the runtime they share with clients generated from any other schema.
 */

export * from "./generated/index.js";
export { IntelGraph, type IntelGraphOptions } from "./intelgraph.js";
export * from "./runtime.js";
