/**
 * Reads trust tiles, invoices and one entity through the generated client.
 * INTELGRAPH_URL and INTELGRAPH_API_KEY say where and as whom.
 */
import { IntelGraph } from "@intelgraph/sdk";

const client = new IntelGraph();

for (const tile of await client.trustTiles()) {
  const since = tile.updatedAt.slice(0, 10);
  console.log(`tile     ${tile.kind.padEnd(12)} ${tile.status.padEnd(10)} since ${since}`);
}

// Exact money travels as text; JavaScript numbers would lose cents, so cents are summed instead.
const invoices = await client.invoices();
const cents = invoices.reduce((sum, { amount }) => sum + BigInt(amount.value.replace(".", "")), 0n);
const total = `${cents / 100n}.${String(cents % 100n).padStart(2, "0")}`;
console.log(`invoices ${invoices.length} of them, ${total} USD together`);

const page = await client.listEntities({ first: 3 });
console.log(`entities ${page.totalCount} in all; the latest:`);
for (const edge of page.edges) {
  console.log(`         ${edge.node.name}`);
}

const entity = await client.getEntity({ id: "org_meridian" });
if (entity?.__typename === "Organization") {
  console.log(`entity   ${entity.name}, registered in ${entity.jurisdiction}`);
}
