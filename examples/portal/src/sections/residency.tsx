/** The judgement of exports, the schedule of attestations, and the attestations themselves. */

import type { ReportDelivery } from "@intelgraph/sdk/fragments/report_delivery";
import type { ResidencyReport } from "@intelgraph/sdk/fragments/residency_report";
import type { ResidencySchedule as Schedule } from "@intelgraph/sdk/fragments/residency_schedule";
import { DownloadResidencyReport } from "@intelgraph/sdk/operations/download_residency_report";
import { ListResidencyReports } from "@intelgraph/sdk/operations/list_residency_reports";
import { ResidencySchedule } from "@intelgraph/sdk/operations/residency_schedule";
import {
  ResidencySummary,
  type ResidencySummaryData,
} from "@intelgraph/sdk/operations/residency_summary";
import type { JSX } from "preact";
import { useState } from "preact/hooks";
import { call, useCall, usePages } from "../calls.ts";
import { Facts, Failure, Instant, Loaded, Status } from "../parts.tsx";
import { bare, say } from "../texts.ts";
import { ScheduleForm } from "./schedule.tsx";
import { follow, More, Section, useNotice } from "./section.tsx";

const COUNTS = ["compliant", "violations", "unknown", "noExports"] as const;

export function Residency(): JSX.Element {
  const summary = useCall(ResidencySummary, {});
  const schedule = useCall(ResidencySchedule, {});
  const reports = usePages(ListResidencyReports, ({ residencyReports }) => residencyReports);
  const [notice, tell] = useNotice();

  async function scheduled({ nextRunAt }: Schedule): Promise<void> {
    tell(say("schedule-saved", { at: nextRunAt }), "moves");
    await Promise.all([schedule.reload(), reports.reload()]);
  }

  return (
    <Section name="residency" about="residency-about" notice={notice}>
      <section aria-labelledby="residency-summary">
        <h2 id="residency-summary">{say("residency-summary")}</h2>
        <Loaded from={summary}>
          {({ residencySummary }) => <Judgement summary={residencySummary} />}
        </Loaded>
      </section>
      <section aria-labelledby="schedule" class="card">
        <h2 id="schedule">{say("schedule")}</h2>
        <Loaded from={schedule}>
          {({ residencySchedule }) => (
            <>
              <p class="quiet">
                {residencySchedule
                  ? say("schedule-next", { at: residencySchedule.nextRunAt })
                  : say("schedule-none")}
              </p>
              <ScheduleForm schedule={residencySchedule} onDone={scheduled} />
            </>
          )}
        </Loaded>
      </section>
      <section aria-labelledby="reports">
        <h2 id="reports">{say("reports")}</h2>
        <Loaded from={reports}>
          {(nodes) => (
            <>
              {nodes.length === 0 && <p class="quiet">{say("reports-none")}</p>}
              <ul class="rows">
                {nodes.map((report) => (
                  <Report key={report.id} report={report} tell={tell} />
                ))}
              </ul>
            </>
          )}
        </Loaded>
        <More load={reports.more} />
      </section>
    </Section>
  );
}

function Judgement(props: { summary: ResidencySummaryData["residencySummary"] }): JSX.Element {
  const { summary } = props;
  const share = summary.compliantShare;
  return (
    <>
      <p class="about">
        {share === null ? say("residency-share-none") : say("residency-share", { share })}
      </p>
      <dl class="counts">
        {COUNTS.map((name) => (
          <div key={name}>
            <dt>{say(`residency-${name}`)}</dt>
            <dd>
              <data value={summary[name]}>{summary[name]}</data>
            </dd>
          </div>
        ))}
      </dl>
    </>
  );
}

function Report({ report, tell }: { report: ResidencyReport; tell(text: string): void }) {
  const { id, quarter, isCompliant, createdAt, deliveries } = report;
  const [error, setError] = useState<unknown>();

  async function download(): Promise<void> {
    setError(undefined);
    try {
      follow((await call(DownloadResidencyReport, { id })).downloadResidencyReport);
      tell(say("downloading", { name: quarter }));
    } catch (reason) {
      setError(reason);
    }
  }

  return (
    <li class="card row">
      <div class="row-head">
        <h3 translate={false}>{quarter}</h3>
        <Status
          tone={isCompliant ? "good" : "bad"}
          text={say(isCompliant ? "report-compliant" : "report-violations")}
        />
      </div>
      <Facts
        of={[
          [say("report-made"), <Instant at={createdAt} />],
          [say("report-deliveries"), <Deliveries deliveries={deliveries} />],
        ]}
      />
      <div class="actions">
        <button
          type="button"
          aria-label={bare(say("report-download-named", { quarter }))}
          onClick={download}
        >
          {say("report-download")}
        </button>
      </div>
      {error !== undefined && <Failure error={error} title={say("failed-action")} />}
    </li>
  );
}

function Deliveries({ deliveries }: { deliveries: readonly ReportDelivery[] }): JSX.Element {
  if (deliveries.length === 0) {
    return <>{say("amount-none")}</>;
  }
  return (
    <ul>
      {deliveries.map(({ channel, recipient, attempts, deliveredAt }) => (
        <li key={channel + recipient}>
          {deliveredAt
            ? say("report-delivered", { recipient, at: deliveredAt })
            : say("report-undelivered", { recipient, attempts })}
        </li>
      ))}
    </ul>
  );
}
