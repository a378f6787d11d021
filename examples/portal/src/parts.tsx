/**
 * What all pages are built from: the frame, statuses by text and shape, instants, failures, and
 * the question that is asked before something is done. Native elements only, in the light DOM.
 */

import { IntelGraphError } from "@intelgraph/sdk/runtime";
import type { ComponentChildren, JSX } from "preact";
import { useId, useLayoutEffect, useRef, useState } from "preact/hooks";
import type { Loading } from "./calls.ts";
import { LANGUAGES, language, say, sayKnown, speak } from "./texts.ts";

interface FrameProps {
  readonly menu?: ComponentChildren;
  readonly account?: ComponentChildren;
  readonly children: ComponentChildren;
  onLanguage(): void;
}

/** The header, the menu, the content and the footer, the same on every page. */
export function Frame({ menu, account, children, onLanguage }: FrameProps): JSX.Element {
  return (
    <>
      <a class="skip" href="#content">
        {say("skip")}
      </a>
      <header class="bar">
        <p class="brand">
          <Mark />
          <span>{say("brand")}</span>
        </p>
        <div class="bar-end">
          <LanguageChoice onChange={onLanguage} />
          {account}
        </div>
      </header>
      <div class={menu ? "columns" : "column"}>
        {menu}
        <main id="content" tabIndex={-1}>
          {children}
        </main>
      </div>
      <footer>
        <a href="https://intelgraph.example/docs">{say("help")}</a>
      </footer>
    </>
  );
}

function Mark(): JSX.Element {
  return (
    <svg class="mark" viewBox="0 0 32 32" aria-hidden="true">
      <path d="M10 21 16 10l7 9z" />
      <circle cx="10" cy="21" r="3.2" />
      <circle cx="16" cy="10" r="3.2" />
      <circle cx="23" cy="19" r="3.2" />
    </svg>
  );
}

function LanguageChoice({ onChange }: { onChange(): void }): JSX.Element {
  return (
    // biome-ignore lint/a11y/useSemanticElements: a fieldset would add a border and a legend to two buttons.
    <div class="languages" role="group" aria-label={say("language")}>
      {Object.entries(LANGUAGES).map(([tag, name]) => (
        <button
          key={tag}
          type="button"
          lang={tag}
          translate={false}
          aria-pressed={language() === tag}
          onClick={() => {
            speak(tag as keyof typeof LANGUAGES);
            onChange();
          }}
        >
          {name}
        </button>
      ))}
    </div>
  );
}

export type Tone = "good" | "warn" | "bad" | "unknown" | "plain";

const SHAPES: Readonly<Record<Tone, string>> = {
  good: "M8 .8a7.2 7.2 0 1 1 0 14.4A7.2 7.2 0 0 1 8 .8Zm3.1 4.5L7 9.6 4.9 7.5 3.8 8.6 7 11.8l5.2-5.4z",
  warn: "M8 .9 15.6 15H.4ZM7.2 6v4.4h1.6V6Zm0 5.6v1.6h1.6v-1.6Z",
  bad: "M4.9.8h6.2l4.1 4.1v6.2l-4.1 4.1H4.9L.8 11.1V4.9ZM5.6 4.5 4.5 5.6 6.9 8l-2.4 2.4 1.1 1.1L8 9.1l2.4 2.4 1.1-1.1L9.1 8l2.4-2.4-1.1-1.1L8 6.9Z",
  unknown:
    "M8 .8 15.2 8 8 15.2.8 8Zm0 2.3L3.1 8 8 12.9 12.9 8Zm-.8 7.2h1.6v1.5H7.200Zm.1-1V8.200c.9-.5 1.300-.8 1.300-1.300 0-.4-.3-.6-.7-.6-.5 0-.8.3-.8.8H5.700c0-1.300.9-2.100 2.300-2.100s2.200.7 2.200 1.800c0 .9-.5 1.400-1.400 1.900v.6Z",
  plain: "M3 1h6.500L13 4.500V15H3Zm1.500 1.500v11h7V5.500H8.500v-3Z",
};

/** How something stands: words, a shape of its own, and only then a colour. */
export function Status({ tone, text }: { tone: Tone; text: string }): JSX.Element {
  return (
    <span class="status" data-tone={tone}>
      <svg viewBox="0 0 16 16" aria-hidden="true">
        <path d={SHAPES[tone]} fill-rule="evenodd" />
      </svg>
      {text}
    </span>
  );
}

/** An instant in the reader's words, with the exact one for machines. */
export function Instant({ at, id = "instant" }: { at: string; id?: string }): JSX.Element {
  return <time dateTime={at}>{say(id, { at })}</time>;
}

/** What the service itself says, in whatever language it says it. */
export function Given({ children }: { children: ComponentChildren }): JSX.Element {
  return <span translate={false}>{children}</span>;
}

/** What went wrong, what the reader can do, and the number that support needs. */
export function Failure(props: { error: unknown; title?: string; retry?: () => unknown }) {
  const { error, title = say("failed"), retry } = props;
  const known = error instanceof IntelGraphError ? error : undefined;
  return (
    <div class="failure" role="alert">
      <p class="failure-title">
        <Status tone="bad" text={title} />
      </p>
      <p>{sayKnown("error", known?.code ?? "unreachable", "error-INTERNAL")}</p>
      {SPECIFIC.has(`${known?.code}`) && (
        <p>
          {say("failed-reason")}{" "}
          <q lang="en" translate={false}>
            {known?.message}
          </q>
        </p>
      )}
      {known?.requestId && <p class="quiet">{say("failed-request", { id: known.requestId })}</p>}
      {retry && (
        <button type="button" onClick={retry}>
          {say("retry")}
        </button>
      )}
    </div>
  );
}

// The codes whose message says what in particular stands in the way.
const SPECIFIC = new Set(["BAD_USER_INPUT", "CONFLICT", "SWITCHED_OFF", "BUDGET_EXCEEDED"]);

/** A value when it is there; until then that it is on its way, or why it is not. */
export function Loaded<T>(props: {
  readonly from: Loading<T>;
  children(value: T): ComponentChildren;
}): JSX.Element {
  const { value, error, reload } = props.from;
  return (
    <>
      {error !== undefined && <Failure error={error} retry={reload} />}
      {value !== undefined && props.children(value)}
      {value === undefined && error === undefined && (
        <p class="quiet" aria-busy="true">
          {say("loading")}
        </p>
      )}
    </>
  );
}

/** Names with their values. */
export function Facts({ of }: { of: ReadonlyArray<readonly [string, ComponentChildren]> }) {
  return (
    <dl class="facts">
      {of.map(([name, value]) => (
        <div key={name}>
          <dt>{name}</dt>
          <dd>{value}</dd>
        </div>
      ))}
    </dl>
  );
}

interface QuestionProps {
  readonly title: string;
  readonly text: string;
  readonly action: string;
  /** A text to ask for, with what to say when it is required and missing. */
  readonly field?: { label: string; limit: number; missing?: string; autocomplete: string };
  run(text: string): Promise<unknown>;
  /** Is told when the dialog is gone, and whether its action was done. */
  onEnd(isDone: boolean): void;
}

/** Asks in a dialog before something is done, and says there why it could not be. */
export function Question(props: QuestionProps): JSX.Element {
  const { title, text, action, field } = props;
  const id = useId();
  const { dialog, entered, state, submit, end } = useQuestion(props);
  const problem = state.isMissing && field?.missing;
  return (
    <dialog
      ref={dialog}
      aria-labelledby={`${id}-title`}
      aria-describedby={`${id}-text`}
      onClose={end}
    >
      <form onSubmit={submit} noValidate>
        <h2 id={`${id}-title`}>{title}</h2>
        <p id={`${id}-text`}>{text}</p>
        {field && (
          <Field id={`${id}-field`} label={field.label} {...(problem && { problem })}>
            {(described) => (
              <textarea
                ref={entered}
                rows={3}
                maxLength={field.limit}
                autocomplete={field.autocomplete}
                {...described}
              />
            )}
          </Field>
        )}
        {state.error !== undefined && <Failure error={state.error} title={say("failed-action")} />}
        <div class="actions">
          <button type="submit" class="primary" aria-disabled={state.isBusy}>
            {action}
          </button>
          <button type="button" onClick={() => dialog.current?.close()}>
            {say("close")}
          </button>
        </div>
      </form>
    </dialog>
  );
}

/** What a dialog does: it opens at once, and closes when its action is done or given up. */
function useQuestion({ field, run, onEnd }: QuestionProps) {
  const dialog = useRef<HTMLDialogElement>(null);
  const entered = useRef<HTMLTextAreaElement>(null);
  const isDone = useRef(false);
  const [state, setState] = useState<{ isBusy?: boolean; isMissing?: boolean; error?: unknown }>(
    {},
  );
  // Before anything is drawn: a quick Tab would leave the button that the focus must return to.
  useLayoutEffect(() => dialog.current?.showModal(), []);

  async function submit(event: Event): Promise<void> {
    event.preventDefault();
    const value = entered.current?.value.trim() ?? "";
    if (field?.missing && !value) {
      setState({ isMissing: true });
      entered.current?.focus();
      return;
    }
    if (state.isBusy) {
      return;
    }
    setState({ isBusy: true });
    try {
      await run(value);
      isDone.current = true;
      dialog.current?.close();
    } catch (error) {
      setState({ error });
    }
  }

  return { dialog, entered, state, submit, end: () => onEnd(isDone.current) };
}

interface Described {
  readonly id: string;
  readonly "aria-describedby"?: string;
  readonly "aria-invalid"?: boolean;
}

/** A labelled field with its hint and its problem, both tied to it. */
export function Field(props: {
  readonly id: string;
  readonly label: string;
  readonly hint?: string;
  readonly problem?: string;
  children(described: Described): JSX.Element;
}): JSX.Element {
  const { id, label, hint, problem } = props;
  const parts = [hint && `${id}-hint`, problem && `${id}-problem`].filter(Boolean).join(" ");
  return (
    <div class="field">
      <label for={id}>{label}</label>
      {hint && (
        <p class="quiet" id={`${id}-hint`}>
          {hint}
        </p>
      )}
      {problem && (
        <p class="problem" id={`${id}-problem`}>
          {problem}
        </p>
      )}
      {props.children({
        id,
        ...(parts && { "aria-describedby": parts }),
        ...(problem && { "aria-invalid": true }),
      })}
    </div>
  );
}

/** A table that scrolls within itself where the window is narrower than it is. */
export function Table(props: {
  readonly name: string;
  readonly head: readonly string[];
  readonly rows: ReadonlyArray<readonly ComponentChildren[]>;
}): JSX.Element {
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reached by keyboard.
    <section class="scrolls" aria-label={props.name} tabIndex={0}>
      <table>
        <thead>
          <tr>
            {props.head.map((text) => (
              <th key={text} scope="col">
                {text}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {props.rows.map((cells, row) => (
            <tr key={row}>
              {cells.map((cell, column) =>
                column === 0 ? (
                  <th key={column} scope="row">
                    {cell}
                  </th>
                ) : (
                  <td key={column}>{cell}</td>
                ),
              )}
            </tr>
          ))}
        </tbody>
      </table>
    </section>
  );
}
