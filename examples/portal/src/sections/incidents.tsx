/** Incidents as they open, the signals behind them, and the acknowledgement by a person. */

import type { Alert } from "@intelgraph/sdk/fragments/alert";
import type { Incident } from "@intelgraph/sdk/fragments/incident";
import type { Signal } from "@intelgraph/sdk/fragments/signal";
import { AcknowledgeIncident } from "@intelgraph/sdk/operations/acknowledge_incident";
import { IncidentChanged } from "@intelgraph/sdk/operations/incident_changed";
import { ListIncidents } from "@intelgraph/sdk/operations/list_incidents";
import { SetAnomalyEnrollment } from "@intelgraph/sdk/operations/set_anomaly_enrollment";
import { Signals } from "@intelgraph/sdk/operations/signals";
import type { ComponentChildren, JSX } from "preact";
import { useEffect, useRef, useState } from "preact/hooks";
import {
  call,
  type Loading,
  type Pages,
  useCall,
  useEvents,
  usePages,
  useRenewal,
} from "../calls.ts";
import { Facts, Failure, Instant, Loaded, Question, Status, Table, type Tone } from "../parts.tsx";
import { bare, say, sayKnown } from "../texts.ts";
import { Band } from "./band.tsx";
import { More, Section, useNotice } from "./section.tsx";

const INCIDENT_TONES: Readonly<Record<string, Tone>> = { OPEN: "bad", ACKNOWLEDGED: "warn" };
const SIGNAL_TONES: Readonly<Record<string, Tone>> = {
  LEARNING: "plain",
  NORMAL: "good",
  PENDING: "warn",
  ANOMALOUS: "bad",
};
// Incidents come by themselves; signals, which change every minute, are asked for.
const RENEWAL_MS = 60_000;

export function Incidents(): JSX.Element {
  const signals = useCall(Signals, {});
  const incidents = usePages(ListIncidents, ({ incidents }) => incidents);
  const [notice, tell] = useNotice();
  const [asked, setAsked] = useState<Incident>();
  const [isRenewing, setRenewing] = useState(true);
  useEvents(isRenewing, IncidentChanged, incidents, signals);
  useRenewal(isRenewing ? RENEWAL_MS : undefined, incidents, signals);
  useNews(incidents.value, (count) => tell(say("incidents-new", { count })));

  async function end(isDone: boolean): Promise<void> {
    setAsked(undefined);
    if (isDone) {
      tell(say("incident-done"), "moves");
      await incidents.reload();
    }
  }

  return (
    <Section name="incidents" about="incidents-about" notice={notice}>
      <IncidentList incidents={incidents} ask={setAsked}>
        <Renewal isOn={isRenewing} turn={setRenewing} />
      </IncidentList>
      <section aria-labelledby="signals">
        <h2 id="signals">{say("incidents-signals")}</h2>
        <Loaded from={signals}>{(value) => <SignalTable signals={value.signals} />}</Loaded>
        <Enrolment signals={signals} tell={tell} />
      </section>
      {asked && (
        <Question
          title={say("incident-acknowledge-title")}
          text={say("incident-acknowledge-about")}
          action={say("incident-acknowledge-do")}
          field={{ label: say("incident-acknowledge-note"), limit: 500, autocomplete: "off" }}
          run={(note) => call(AcknowledgeIncident, { id: asked.id, note: note || null })}
          onEnd={end}
        />
      )}
    </Section>
  );
}

interface IncidentListProps {
  readonly incidents: Pages<Incident>;
  readonly children: ComponentChildren;
  ask(incident: Incident): void;
}

function IncidentList({ incidents, children, ask }: IncidentListProps): JSX.Element {
  return (
    <section aria-labelledby="incidents-list">
      <h2 id="incidents-list">{say("incidents-list")}</h2>
      {children}
      <Loaded from={incidents}>
        {(nodes) => (
          <>
            {nodes.length === 0 && <p class="quiet">{say("incidents-none")}</p>}
            <ul class="rows">
              {nodes.map((incident) => (
                <IncidentRow key={incident.id} incident={incident} ask={ask} />
              ))}
            </ul>
          </>
        )}
      </Loaded>
      <More load={incidents.more} />
    </section>
  );
}

function Renewal({ isOn, turn }: { isOn: boolean; turn(isOn: boolean): void }): JSX.Element {
  return (
    <label class="choice">
      <input type="checkbox" autocomplete="off" checked={isOn} onChange={() => turn(!isOn)} />
      {say("incidents-renew")}
    </label>
  );
}

/** Tells how many incidents are new since the list was read before. */
function useNews(incidents: readonly Incident[] | undefined, tell: (count: number) => void): void {
  const known = useRef<ReadonlySet<string> | undefined>(undefined);
  useEffect(() => {
    const count = incidents?.filter(({ id }) => !known.current?.has(id)).length ?? 0;
    if (known.current && count > 0) {
      tell(count);
    }
    known.current = incidents && new Set(incidents.map(({ id }) => id));
  }, [incidents]);
}

function IncidentRow({ incident, ask }: { incident: Incident; ask(incident: Incident): void }) {
  const { title, status, since, openedAt, alerts, runbook, note } = incident;
  const known = sayKnown("incident", incident.template, "");
  return (
    <li class="card row" data-incident={incident.id}>
      <div class="row-head">
        {known ? (
          <h3>{known}</h3>
        ) : (
          <h3 lang="en" translate={false}>
            {title}
          </h3>
        )}
        <Status
          tone={INCIDENT_TONES[status] ?? "unknown"}
          text={sayKnown("incident", status, "incident-other")}
        />
      </div>
      <Facts
        of={[
          [say("incident-since"), <Instant at={since} />],
          [say("incident-opened"), <Instant at={openedAt} />],
        ]}
      />
      {alerts.map((alert) => (
        <AlertContext key={alert.id} alert={alert} />
      ))}
      {incident.acknowledgedAt && (
        <p class="quiet">
          {say("incident-acknowledged", {
            who: `${incident.acknowledgedBy}`,
            at: incident.acknowledgedAt,
          })}
        </p>
      )}
      {note && <Facts of={[[say("incident-note"), <q translate={false}>{note}</q>]]} />}
      <div class="actions">
        {status === "OPEN" && (
          <button
            type="button"
            class="primary"
            aria-label={bare(say("incident-acknowledge-named", { title: known || title }))}
            onClick={() => ask(incident)}
          >
            {say("incident-acknowledge")}
          </button>
        )}
        <a href={runbook}>{say("incident-runbook")}</a>
      </div>
    </li>
  );
}

function AlertContext({ alert }: { alert: Alert }): JSX.Element {
  const { kind, observed, expected, lower, upper, since, detectors } = alert;
  const words = {
    signal: sayKnown("signal", kind, "signal-other"),
    observed: amount(kind, observed),
    expected: amount(kind, expected),
    lower: amount(kind, lower),
    upper: amount(kind, upper),
  };
  return (
    <div class="context">
      <h4>{words.signal}</h4>
      <Band
        observed={observed}
        expected={expected}
        lower={lower}
        upper={upper}
        text={say("signal-picture", words)}
      />
      <Facts
        of={[
          [say("signal-observed"), <data value={observed}>{words.observed}</data>],
          [say("signal-expected"), <data value={expected}>{words.expected}</data>],
          [say("signal-band"), say("band", words)],
          [say("signal-since"), <Instant at={since} />],
          [say("signal-detectors"), <code>{detectors.join(", ")}</code>],
        ]}
      />
    </div>
  );
}

function SignalTable({ signals }: { signals: readonly Signal[] }): JSX.Element {
  if (signals.length === 0) {
    return <p class="quiet">{say("signals-none")}</p>;
  }
  return (
    <Table
      name={say("incidents-signals")}
      head={["signal", "signal-state", "signal-observed", "signal-band", "signal-measured"].map(
        (id) => say(id),
      )}
      rows={signals.map(({ kind, state, value, lower, upper, measuredAt }) => [
        sayKnown("signal", kind, "signal-other"),
        <Status
          tone={SIGNAL_TONES[state] ?? "unknown"}
          text={sayKnown("state", state, "state-other")}
        />,
        <data>{amount(kind, value)}</data>,
        lower === null || upper === null
          ? say("amount-none")
          : say("band", { lower: amount(kind, lower), upper: amount(kind, upper) }),
        measuredAt ? <Instant at={measuredAt} /> : say("amount-none"),
      ])}
    />
  );
}

function amount(kind: string, value: number | null): string {
  if (value === null) {
    return say("amount-none");
  }
  const known = ["INGEST_LAG", "API_P95", "ERROR_RATE"].includes(kind);
  return say(`amount-${known ? kind : "other"}`, { value });
}

function Enrolment(props: {
  readonly signals: Loading<{ readonly signals: readonly Signal[] }>;
  tell(text: string): void;
}): JSX.Element | null {
  const [error, setError] = useState<unknown>();
  const isEnrolled = props.signals.value && props.signals.value.signals.length > 0;

  async function change(): Promise<void> {
    setError(undefined);
    try {
      await call(SetAnomalyEnrollment, { isEnrolled: !isEnrolled });
      props.tell(say(isEnrolled ? "signals-withdrawn" : "signals-enrolled"));
      await props.signals.reload();
    } catch (reason) {
      setError(reason);
    }
  }

  return props.signals.value ? (
    <>
      <p>
        <button type="button" onClick={change}>
          {say(isEnrolled ? "signals-withdraw" : "signals-enrol")}
        </button>
      </p>
      {error !== undefined && <Failure error={error} title={say("failed-action")} />}
    </>
  ) : null;
}
