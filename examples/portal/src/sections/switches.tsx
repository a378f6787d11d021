/** The operator's switches, each with its reason, and the trail of what was changed. */

import type { Switch } from "@intelgraph/sdk/fragments/switch";
import { AuditTrail } from "@intelgraph/sdk/operations/audit_trail";
import { SetSwitch } from "@intelgraph/sdk/operations/set_switch";
import { Switches as ListSwitches } from "@intelgraph/sdk/operations/switches";
import type { JSX } from "preact";
import { useState } from "preact/hooks";
import { call, useCall, usePages } from "../calls.ts";
import { Facts, Given, Instant, Loaded, Question, Status, Table } from "../parts.tsx";
import { bare, say, sayKnown } from "../texts.ts";
import { More, Section, useNotice } from "./section.tsx";

export function Switches(): JSX.Element {
  const switches = useCall(ListSwitches, {});
  const trail = usePages(AuditTrail, ({ auditTrail }) => auditTrail);
  const [notice, tell] = useNotice();
  const [asked, setAsked] = useState<Switch>();

  async function end(isDone: boolean): Promise<void> {
    setAsked(undefined);
    if (isDone && asked) {
      const done = asked.isOn ? "switch-turned-off" : "switch-turned-on";
      tell(say(done, { name: nameOf(asked) }), "moves");
      await Promise.all([switches.reload(), trail.reload()]);
    }
  }

  return (
    <Section name="switches" about="switches-about" notice={notice}>
      <Loaded from={switches}>
        {(value) => (
          <ul class="rows">
            {value.switches.map((each) => (
              <Row key={each.name} of={each} ask={setAsked} />
            ))}
          </ul>
        )}
      </Loaded>
      <section aria-labelledby="audit">
        <h2 id="audit">{say("audit")}</h2>
        <Loaded from={trail}>
          {(entries) =>
            entries.length === 0 ? (
              <p class="quiet">{say("audit-none")}</p>
            ) : (
              <Table
                name={say("audit")}
                head={["at", "actor", "action", "subject", "reason"].map((id) =>
                  say(`audit-${id}`),
                )}
                rows={entries.map(({ at, actor, action, subject, reason }) => [
                  <Instant at={at} />,
                  <Given>{actor}</Given>,
                  <code>{action}</code>,
                  <Given>{subject}</Given>,
                  <Given>{reason}</Given>,
                ])}
              />
            )
          }
        </Loaded>
        <More load={trail.more} />
      </section>
      {asked && <SwitchQuestion of={asked} onEnd={end} />}
    </Section>
  );
}

function nameOf({ name }: Switch): string {
  return sayKnown("switch", name, "switch-other");
}

function SwitchQuestion(props: { of: Switch; onEnd(isDone: boolean): void }): JSX.Element {
  const { name, isOn } = props.of;
  const verb = say(isOn ? "switch-turn-off-named" : "switch-turn-on-named", {
    name: nameOf(props.of),
  });
  return (
    <Question
      title={verb}
      text={sayKnown("switch", `${name}-about`, "switch-other-about")}
      action={verb}
      field={{
        label: say("switch-reason"),
        limit: 200,
        missing: say("switch-reason-wrong"),
        autocomplete: "off",
      }}
      run={(reason) => call(SetSwitch, { input: { name, isOn: !isOn, reason } })}
      onEnd={props.onEnd}
    />
  );
}

function Row({ of, ask }: { of: Switch; ask(asked: Switch): void }): JSX.Element {
  const { name, isOn, changedAt, changedBy, reason } = of;
  const verb = isOn ? "switch-turn-off" : "switch-turn-on";
  return (
    <li class="card row">
      <div class="row-head">
        <h2>{nameOf(of)}</h2>
        <Status tone={isOn ? "good" : "warn"} text={say(isOn ? "switch-is-on" : "switch-is-off")} />
      </div>
      <p class="about">{sayKnown("switch", `${name}-about`, "switch-other-about")}</p>
      <p class="quiet">
        {changedAt
          ? say("switch-changed", { who: `${changedBy}`, at: changedAt })
          : say("switch-never")}
      </p>
      {reason && <Facts of={[[say("audit-reason"), <q translate={false}>{reason}</q>]]} />}
      <div class="actions">
        <button
          type="button"
          aria-label={bare(say(`${verb}-named`, { name: nameOf(of) }))}
          onClick={() => ask(of)}
        >
          {say(verb)}
        </button>
      </div>
    </li>
  );
}
