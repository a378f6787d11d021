/**
 * Makes one call and prints the telemetry event it ends with, as one JSON line. Run it while
 * the server fails (the demo tells it to), and `retries` shows how often the client asked again.
 */
import { IntelGraph } from "@intelgraph/sdk";
import { jsonLines } from "@intelgraph/sdk/telemetry/json_lines";

const client = new IntelGraph({ hooks: [jsonLines((line) => process.stdout.write(line))] });
await client.getEntity({ id: "org_meridian" });
