/** The story as a program: Node, Bun and Deno run it from the folder of a consumer's project. */
import { tell } from "./story.mjs";

const [url, apiKey, faults] = process.argv.slice(2);
console.log(JSON.stringify(await tell({ url, apiKey, faults })));
