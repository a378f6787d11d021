/**
 * Publishes a document as evidence, reads the page that everybody sees, takes the bundle home.
 * The page is read without a token.
 */
import { IntelGraph } from "@intelgraph/sdk";

const client = new IntelGraph();

const report = "Penetration test of the demonstration service: nothing was found.";
const item = await client.publishEvidence({
  input: {
    id: "pentest-2026",
    topic: "SECURITY",
    title: "Penetration test 2026",
    mediaType: "text/plain",
    content: btoa(report),
  },
});
console.log(`evidence ${item.title}, allowed: ${item.isAllowed}, sha256 ${item.sha256}`);
const page = await client.setTrustPage({ isPublic: true });

const anonymous = new IntelGraph({ apiKey: null });
const shown = await anonymous.publicTrust({ slug: page.slug });
for (const entry of shown?.items ?? []) {
  console.log(`shown    ${entry.topic.padEnd(12)} ${entry.status.padEnd(10)} ${entry.title}`);
}

const link = await client.downloadEvidenceBundle({ version: "v15" });
const bundle = await (await fetch(link)).arrayBuffer();
console.log(`bundle   ${Math.floor(bundle.byteLength / 1024)} KiB, its manifest signed`);
