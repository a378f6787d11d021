/** Schedules attestations of residency, waits for the first, and fetches the signed PDF. */
import { IntelGraph } from "@intelgraph/sdk";

const client = new IntelGraph();

// An instant that has passed makes the report of the last quarter at once.
const input = { firstRunAt: "2026-04-01T00:00:00Z", locale: "es" };
const schedule = await client.scheduleResidencyReports({ input });
console.log(`schedule ${schedule.cadence}, in ${schedule.locale}`);

async function newestReport() {
  const { edges } = await client.listResidencyReports();
  return edges.find(({ node }) => node.locale === "es")?.node;
}

let report = await newestReport();
for (let tries = 0; report === undefined && tries < 150; tries += 1) {
  await new Promise((resolve) => setTimeout(resolve, 200));
  report = await newestReport();
}
if (report === undefined) {
  throw new Error("the report did not come");
}
const { compliant, violations, unknown } = report.summary;
console.log(`report   ${report.quarter}, compliant: ${report.isCompliant}`);
console.log(
  `counted  ${compliant} compliant, ${violations} left their jurisdiction, ${unknown} unknown`,
);
const link = await client.downloadResidencyReport({ id: report.id });
const pdf = await (await fetch(link)).arrayBuffer();
console.log(`signed   ${Math.floor(pdf.byteLength / 1024)} KiB of PDF, ${report.uri}`);
