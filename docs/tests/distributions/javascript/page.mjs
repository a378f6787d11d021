/** The story in a page. */
import { IntelGraph } from "@intelgraph/sdk";
import { tell } from "./story.mjs";

/** What a page is told that has a key and no permission to send it. */
globalThis.refusal = () => {
  try {
    return new IntelGraph({ apiKey: "canary" }) && null;
  } catch (error) {
    return `${error}`;
  }
};
globalThis.tell = tell;
