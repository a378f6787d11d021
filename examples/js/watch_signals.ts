/**
 * Pushes measurements until two signals agree that something is wrong, hears of it, and
 * acknowledges it. The token must be a person's, because machines do not acknowledge.
 */
import { IntelGraph } from "@intelgraph/sdk";

const STEP_MS = 10_000;
const calm = { API_P95: 120, ERROR_RATE: 0.002 };
const bad = { API_P95: 2400, ERROR_RATE: 0.35 };

const client = new IntelGraph();
await client.setAnomalyEnrollment({ isEnrolled: true });

// Behind what was measured before, and early enough to be in the past.
const known = (await client.signals()).map(({ measuredAt }) => Date.parse(measuredAt ?? ""));
const early = Date.parse("2026-04-14T20:00:00Z");
let at = Math.max(early, ...known.filter(Number.isFinite)) + STEP_MS;

async function push(values: Record<string, number>) {
  for (const [kind, value] of Object.entries(values)) {
    const measuredAt = new Date(at).toISOString();
    await client.pushMeasurement({ input: { kind, value, measuredAt } });
  }
  at += STEP_MS;
}

for (let number = 0; number < 80; number += 1) {
  const wobble = 1 + (((number * 7) % 5) - 2) / 50;
  await push({ API_P95: calm.API_P95 * wobble, ERROR_RATE: calm.ERROR_RATE * wobble });
}
console.log("pushed   13 minutes of calm; now two of trouble");
const incidents = client.incidentChanged();
const told = incidents.next();
for (let number = 0; number < 12; number += 1) {
  await push(bad);
}

const { value: incident } = await told;
await incidents.return();
if (incident === undefined) {
  throw new Error("no incident was opened");
}
console.log(`incident ${incident.template}: ${incident.title}`);
for (const { kind, observed, lower, upper, detectors } of incident.alerts) {
  const normal = `${lower.toPrecision(3)} to ${upper.toPrecision(3)}`;
  const voters = detectors.join(" and ");
  console.log(`because  ${kind} is ${observed}, normal is ${normal}, say ${voters}`);
}
console.log(`runbook  ${incident.runbook}`);
const seen = await client.acknowledgeIncident({ id: incident.id, note: "Looking into it." });
console.log(`seen     by ${seen.acknowledgedBy}: ${seen.note}`);
