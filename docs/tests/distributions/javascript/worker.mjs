/** The story in a worker of workerd, whose `test` command runs it without a socket of its own. */
import { tell } from "./story.mjs";

export default {
  async test(_controller, environment) {
    console.log(JSON.stringify(await tell(environment)));
  },
};
