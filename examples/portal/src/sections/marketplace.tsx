/** The plugins on offer, each with the way to its payment page. */

import type { Plugin } from "@intelgraph/sdk/fragments/plugin";
import { CreateCheckout } from "@intelgraph/sdk/operations/create_checkout";
import { ListPlugins } from "@intelgraph/sdk/operations/list_plugins";
import type { JSX } from "preact";
import { useState } from "preact/hooks";
import { call, usePages } from "../calls.ts";
import { Failure, Given, Loaded } from "../parts.tsx";
import { bare, say, sayKnown } from "../texts.ts";
import { follow, More, Section, useNotice } from "./section.tsx";

export function Marketplace(): JSX.Element {
  const plugins = usePages(ListPlugins, ({ plugins }) => plugins);
  const [notice, tell] = useNotice();
  return (
    <Section name="marketplace" about="marketplace-about" notice={notice}>
      <Loaded from={plugins}>
        {(nodes) => (
          <ul class="cards">
            {nodes.map((plugin) => (
              <Offer key={plugin.id} plugin={plugin} onOpen={() => tell(say("plugin-buying"))} />
            ))}
          </ul>
        )}
      </Loaded>
      <More load={plugins.more} />
    </Section>
  );
}

function Offer({ plugin, onOpen }: { plugin: Plugin; onOpen(): void }): JSX.Element {
  const [error, setError] = useState<unknown>();
  const [isBusy, setBusy] = useState(false);

  async function buy(): Promise<void> {
    if (isBusy) {
      return;
    }
    setBusy(true);
    setError(undefined);
    try {
      const { createCheckout } = await call(CreateCheckout, { pluginId: plugin.id });
      onOpen();
      follow(createCheckout);
    } catch (reason) {
      setError(reason);
    }
    setBusy(false);
  }

  return (
    <li class="card offer">
      <p class="kicker">{sayKnown("kind", plugin.kind, "kind-other")}</p>
      <h2 translate={false}>{plugin.name}</h2>
      <p lang="en">
        <Given>{plugin.summary}</Given>
      </p>
      <p class="quiet">{say("plugin-by", { publisher: plugin.publisher })}</p>
      <div class="offer-end">
        <p class="price">{say("plugin-price", { ...plugin.price })}</p>
        <button
          type="button"
          class="primary"
          aria-disabled={isBusy}
          aria-label={bare(say("plugin-buy-named", { name: plugin.name }))}
          onClick={buy}
        >
          {say("plugin-buy")}
        </button>
      </div>
      {error !== undefined && <Failure error={error} title={say("failed-action")} />}
    </li>
  );
}
