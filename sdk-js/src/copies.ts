/**
 * Clients that differ from another in a few options, and share its transport, its connections
 * and its budget for retries. Apart from the client, so that only who makes copies carries this.
 */

import { checkOptions } from "./checks.js";
import { type BaseClient, copyOf } from "./client.js";
import { type CopyOptions, laidOver } from "./options.js";

/** A copy of the client that differs in the options; the client itself stays as it is. */
export function withOptions<Client extends BaseClient>(
  client: Client,
  options: CopyOptions = {},
): Client {
  checkOptions(options);
  return copyOf(client, (settings) => {
    const own = laidOver(settings, options);
    // Of another size, it is another purse.
    return own.budget === settings.budget ? own : Object.assign(own, { purse: { spent: 0 } });
  });
}
