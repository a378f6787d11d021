/** One story on the installed package, which every runtime tells alike: what came of each call. */
import { IntelGraph, OperationError } from "@intelgraph/sdk";

export async function tell({ url, apiKey, faults }) {
  const events = [];
  const client = new IntelGraph({
    url,
    apiKey,
    dangerouslyAllowBrowser: true,
    hooks: [(event) => events.push(event.type)],
    retryPolicy: { baseDelayMs: 1 },
  });
  const query = (await client.getEntity({ id: "per_ada" })).name;
  await order(faults, { next: 1, status: 503 });
  events.length = 0;
  const mutation = await client.recordDataset({ input: { id: "dat_js", region: "eu-west-3" } });
  return {
    query,
    mutation: mutation.id,
    retries: events.filter((type) => type === "RetryScheduled").length,
    error: await refused(client),
    subscription: await heard(url, apiKey),
  };
}

async function refused(client) {
  try {
    return await client.recordDataset({ input: { id: "dat_js", region: "nowhere" } });
  } catch (error) {
    return [error instanceof OperationError, error.name, error.code, error.requestId !== null];
  }
}

/** The first incident that the server ever told of, over a stream that is then closed. */
async function heard(url, apiKey) {
  const headers = { "last-event-id": "0" };
  const client = new IntelGraph({ url, apiKey, headers, dangerouslyAllowBrowser: true });
  for await (const incident of client.incidentChanged()) {
    return incident.template;
  }
}

async function order(faults, fault) {
  const headers = { "content-type": "application/json" };
  await fetch(faults, { method: "POST", headers, body: JSON.stringify(fault) });
}
