/**
 * Buys a plugin in test mode: checkout, payment page, invoice, and the invoice's documents.
 * A person would press the button of the payment page; here the program does.
 */
import { IntelGraph } from "@intelgraph/sdk";

const client = new IntelGraph();

const plugin = await client.getPlugin({ id: "plg_geo_enrichment" });
if (plugin === null) {
  throw new Error("the marketplace has no such plugin");
}
const page = await client.createCheckout({ pluginId: plugin.id });
const { edges } = await client.listOrders();
const placed = edges.find(({ node }) => node.status === "CREATED");
if (placed === undefined) {
  throw new Error("the order was not placed");
}
const { id, price } = placed.node;
console.log(`order    ${plugin.name} for ${price.value} ${price.currency}`);
console.log(`pay at   ${page}`);

await fetch(page, { method: "POST", body: new URLSearchParams() });

let invoice = placed.node.invoice;
for (let tries = 0; invoice === null && tries < 300; tries += 1) {
  await new Promise((resolve) => setTimeout(resolve, 100));
  invoice = (await client.getOrder({ id }))?.invoice ?? null;
}
if (invoice === null) {
  throw new Error("the invoice did not come");
}
console.log(`invoice  ${invoice.uri}`);

const pdf = await (await fetch(await client.downloadInvoice({ id: invoice.id }))).arrayBuffer();
const link = await client.downloadInvoice({ id: invoice.id, document: "SBOM" });
const sbom = (await (await fetch(link)).json()) as { bomFormat: string; specVersion: string };
const materials = `${sbom.bomFormat} ${sbom.specVersion}`;
const size = Math.floor(pdf.byteLength / 1024);
console.log(`signed   ${size} KiB of PDF, and a bill of materials in ${materials}`);
