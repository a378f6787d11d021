/** The form that schedules attestations: what was set before stands in it, and problems are told. */

import type { ResidencySchedule } from "@intelgraph/sdk/fragments/residency_schedule";
import { ScheduleResidencyReports } from "@intelgraph/sdk/operations/schedule_residency_reports";
import type { JSX } from "preact";
import { useEffect, useRef, useState } from "preact/hooks";
import { call } from "../calls.ts";
import { Failure, Field } from "../parts.tsx";
import { LANGUAGES, language, say } from "../texts.ts";

export interface Entered {
  readonly first: string;
  readonly locale: string;
  readonly email: string;
  readonly webhook: string;
}

type Problems = ReadonlyArray<{ readonly field: "email" | "webhook"; readonly message: string }>;

/** What is wrong with the entries, as fields and messages in the order of the form. */
export function problemsOf({ email, webhook }: Entered): Problems {
  const problems: { field: "email" | "webhook"; message: string }[] = [];
  if (!email && !webhook) {
    problems.push({ field: "email", message: "schedule-nobody" });
  }
  if (email && !/^[^\s@]+@[^\s@]+\.[^\s@]+$/.test(email)) {
    problems.push({ field: "email", message: "schedule-email-wrong" });
  }
  if (webhook && !/^https:\/\/[^\s/]+/.test(webhook)) {
    problems.push({ field: "webhook", message: "schedule-webhook-wrong" });
  }
  return problems;
}

interface ScheduleFormProps {
  readonly schedule: ResidencySchedule | null;
  onDone(schedule: ResidencySchedule): Promise<void>;
}

export function ScheduleForm(props: ScheduleFormProps): JSX.Element {
  const { schedule } = props;
  const { problems, error, submit } = useScheduling(props);
  const problem = (field: string) => {
    const found = problems.find((each) => each.field === field);
    return found && { problem: say(found.message) };
  };
  return (
    <form class="form" onSubmit={submit} noValidate>
      {problems.length > 0 && <Summary problems={problems} />}
      <Field id="schedule-first" label={say("schedule-first")} hint={say("schedule-first-hint")}>
        {(described) => <input type="date" name="first" autocomplete="off" {...described} />}
      </Field>
      <Languages preset={schedule?.locale ?? (language() === "es" ? "es" : "en")} />
      <Field id="schedule-email" label={say("schedule-email")} {...problem("email")}>
        {(described) => (
          <input
            type="email"
            name="email"
            autocomplete="email"
            defaultValue={schedule?.email ?? ""}
            {...described}
          />
        )}
      </Field>
      <Field
        id="schedule-webhook"
        label={say("schedule-webhook")}
        hint={say("schedule-webhook-hint")}
        {...problem("webhook")}
      >
        {(described) => (
          <input
            type="url"
            name="webhook"
            autocomplete="url"
            defaultValue={schedule?.webhookUrl ?? ""}
            {...described}
          />
        )}
      </Field>
      {error !== undefined && <Failure error={error} title={say("failed-action")} />}
      <div class="actions">
        <button type="submit" class="primary">
          {say("schedule-save")}
        </button>
      </div>
    </form>
  );
}

/** Sends what was entered, unless there is something wrong with it. */
function useScheduling({ onDone }: ScheduleFormProps) {
  const [problems, setProblems] = useState<Problems>([]);
  const [error, setError] = useState<unknown>();

  async function submit(event: SubmitEvent): Promise<void> {
    event.preventDefault();
    const entered = read(new FormData(event.currentTarget as HTMLFormElement));
    const found = problemsOf(entered);
    setProblems(found);
    setError(undefined);
    if (found.length > 0) {
      return;
    }
    try {
      const input = inputOf(entered);
      await onDone((await call(ScheduleResidencyReports, { input })).scheduleResidencyReports);
    } catch (reason) {
      setError(reason);
    }
  }

  return { problems, error, submit };
}

/** All problems at the top, each leading to its field; the focus comes here first. */
function Summary({ problems }: { problems: Problems }): JSX.Element {
  const summary = useRef<HTMLDivElement>(null);
  useEffect(() => summary.current?.focus(), [problems]);
  return (
    <div class="failure" role="alert" tabIndex={-1} ref={summary}>
      <p class="failure-title">{say("schedule-problems", { count: problems.length })}</p>
      <ul>
        {problems.map(({ field, message }) => (
          <li key={field}>
            <a href={`#schedule-${field}`} onClick={(event) => goTo(event, field)}>
              {say(message)}
            </a>
          </li>
        ))}
      </ul>
    </div>
  );
}

function Languages({ preset }: { preset: string }): JSX.Element {
  return (
    <Field id="schedule-locale" label={say("schedule-locale")}>
      {(described) => (
        <select name="locale" autocomplete="language" {...described}>
          {Object.entries(LANGUAGES).map(([tag, name]) => (
            <option key={tag} value={tag} lang={tag} translate={false} selected={tag === preset}>
              {name}
            </option>
          ))}
        </select>
      )}
    </Field>
  );
}

function read(form: FormData): Entered {
  const text = (name: string) => `${form.get(name) ?? ""}`.trim();
  return {
    first: text("first"),
    locale: text("locale"),
    email: text("email"),
    webhook: text("webhook"),
  };
}

function inputOf({ first, locale, email, webhook }: Entered) {
  return {
    locale,
    email: email || null,
    webhookUrl: webhook || null,
    ...(first && { firstRunAt: `${first}T00:00:00Z` }),
  };
}

function goTo(event: Event, field: string): void {
  event.preventDefault();
  document.getElementById(`schedule-${field}`)?.focus();
}
