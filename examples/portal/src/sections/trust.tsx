/** The tenant's own side of its trust page: whether it is on, and what the policy decided. */

import type { TrustItem } from "@intelgraph/sdk/fragments/trust_item";
import { SetTrustPage } from "@intelgraph/sdk/operations/set_trust_page";
import { TrustItems } from "@intelgraph/sdk/operations/trust_items";
import { TrustPage } from "@intelgraph/sdk/operations/trust_page";
import type { JSX } from "preact";
import { useState } from "preact/hooks";
import { call, useCall } from "../calls.ts";
import { Failure, Loaded, Status } from "../parts.tsx";
import { say, sayKnown } from "../texts.ts";
import { Section, useNotice } from "./section.tsx";

export function Trust(): JSX.Element {
  const page = useCall(TrustPage, {});
  const items = useCall(TrustItems, {});
  const [notice, tell] = useNotice();
  const [error, setError] = useState<unknown>();

  async function turn(isPublic: boolean): Promise<void> {
    setError(undefined);
    try {
      await call(SetTrustPage, { isPublic });
      tell(say(isPublic ? "trust-turned-on" : "trust-turned-off"));
      await page.reload();
    } catch (reason) {
      setError(reason);
    }
  }

  return (
    <Section name="trust" about="trust-admin-about" notice={notice}>
      <Loaded from={page}>
        {({ trustPage: { slug, isPublic } }) => (
          <div class="card row">
            <p>
              <Status
                tone={isPublic ? "good" : "plain"}
                text={say(isPublic ? "trust-is-on" : "trust-is-off")}
              />
            </p>
            <div class="actions">
              <button type="button" class="primary" onClick={() => turn(!isPublic)}>
                {say(isPublic ? "trust-turn-off" : "trust-turn-on")}
              </button>
              {isPublic && <a href={`/trust/${encodeURIComponent(slug)}`}>{say("trust-open")}</a>}
            </div>
          </div>
        )}
      </Loaded>
      {error !== undefined && <Failure error={error} title={say("failed-action")} />}
      <section aria-labelledby="items">
        <h2 id="items">{say("trust-items")}</h2>
        <Loaded from={items}>
          {({ trustItems }) => (
            <>
              {trustItems.length === 0 && <p class="quiet">{say("trust-items-none")}</p>}
              <ul class="rows">
                {trustItems.map((item) => (
                  <Item key={item.id} item={item} />
                ))}
              </ul>
            </>
          )}
        </Loaded>
      </section>
    </Section>
  );
}

function Item({ item }: { item: TrustItem }): JSX.Element {
  const { title, category, status, isAllowed, reasons, decidedAt, sha256 } = item;
  return (
    <li class="card row">
      <div class="row-head">
        <h3 translate={false}>{title}</h3>
        <Status
          tone={isAllowed ? "good" : "warn"}
          text={say(isAllowed ? "trust-item-allowed" : "trust-item-refused")}
        />
      </div>
      <p class="quiet">
        {sayKnown("category", category, "category-evidence")} ·{" "}
        {sayKnown("status", status, "status-unknown")} ·{" "}
        {say("trust-item-decided", { at: decidedAt })}
      </p>
      {reasons.length > 0 && (
        <>
          <h4>{say("trust-item-reasons")}</h4>
          <ul lang="en" translate={false}>
            {reasons.map((reason) => (
              <li key={reason}>{reason}</li>
            ))}
          </ul>
        </>
      )}
      {sha256 && (
        <p class="hash">
          <span class="quiet">{say("trust-hash")}</span> <code>{sha256}</code>
        </p>
      )}
    </li>
  );
}
