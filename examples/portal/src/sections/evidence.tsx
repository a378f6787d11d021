/** The evidence bundle of a release, to be downloaded. */

import { DownloadEvidenceBundle } from "@intelgraph/sdk/operations/download_evidence_bundle";
import type { JSX } from "preact";
import { useRef, useState } from "preact/hooks";
import { call } from "../calls.ts";
import { Failure, Field } from "../parts.tsx";
import { say } from "../texts.ts";
import { follow, Section, useNotice } from "./section.tsx";

export function Evidence(): JSX.Element {
  const [notice, tell] = useNotice();
  const [isWrong, setWrong] = useState(false);
  const [error, setError] = useState<unknown>();
  const field = useRef<HTMLInputElement>(null);

  async function download(event: Event): Promise<void> {
    event.preventDefault();
    const version = field.current?.value.trim() ?? "";
    const isFine = /^v\d+$/.test(version);
    setWrong(!isFine);
    setError(undefined);
    if (!isFine) {
      field.current?.focus();
      return;
    }
    try {
      follow((await call(DownloadEvidenceBundle, { version })).downloadEvidenceBundle);
      tell(say("downloading", { name: say("evidence-name", { version }) }));
    } catch (reason) {
      setError(reason);
    }
  }

  return (
    <Section name="evidence" about="evidence-about" notice={notice}>
      <form class="card form" onSubmit={download} noValidate>
        <Field
          id="evidence-version"
          label={say("evidence-version")}
          hint={say("evidence-version-hint")}
          {...(isWrong && { problem: say("evidence-version-wrong") })}
        >
          {(described) => (
            <input ref={field} type="text" defaultValue="v15" autocomplete="off" {...described} />
          )}
        </Field>
        {error !== undefined && <Failure error={error} title={say("failed-action")} />}
        <div class="actions">
          <button type="submit" class="primary">
            {say("evidence-download")}
          </button>
        </div>
      </form>
    </Section>
  );
}
