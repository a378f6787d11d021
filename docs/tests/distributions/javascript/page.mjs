/** The story in a page. */
import { tell } from "./story.mjs";

globalThis.tell = tell;
