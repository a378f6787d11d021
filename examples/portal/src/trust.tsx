/** The public trust page of one tenant, at `/trust/<slug>`. Nobody signs in here. */

import type { PublicTrustItem } from "@intelgraph/sdk/fragments/public_trust_item";
import { PublicTrust, type PublicTrustData } from "@intelgraph/sdk/operations/public_trust";
import { type JSX, render } from "preact";
import { useEffect, useState } from "preact/hooks";
import { useCall } from "./calls.ts";
import { Frame, Given, Instant, Loaded, Status, type Tone } from "./parts.tsx";
import { addMessages, bare, say, sayKnown } from "./texts.ts";

type Trust = NonNullable<PublicTrustData["publicTrust"]>;

// Whatever is not listed counts as unknown, and never as good.
const TONES: Readonly<Record<string, Tone>> = { met: "good", at_risk: "warn", breached: "bad" };
const TOPICS = ["security", "privacy", "control", "document"] as const;
const MINUTE = 60_000;

function TrustPage({ slug }: { slug: string }): JSX.Element {
  const [, renew] = useState({});
  const trust = useCall(PublicTrust, { slug });
  const name = trust.value?.publicTrust?.name;
  const isMissing = trust.value?.publicTrust === null;
  useEffect(() => {
    const title = name ? say("trust-of", { name }) : say("trust-title");
    document.title = bare(`${title} · ${say("brand")}`);
  });
  return (
    <Frame onLanguage={() => renew({})}>
      {!name && <h1>{say(isMissing ? "trust-missing" : "trust-title")}</h1>}
      <Loaded from={trust}>
        {({ publicTrust }) => (publicTrust ? <Shown trust={publicTrust} /> : <Missing />)}
      </Loaded>
    </Frame>
  );
}

function Missing(): JSX.Element {
  return (
    <div class="hero">
      <p class="lead">{say("trust-missing-about")}</p>
      <p>{say("trust-missing-check")}</p>
    </div>
  );
}

function Shown({ trust }: { trust: Trust }): JSX.Element {
  const objectives = trust.items.filter(({ category }) => category === "slo");
  const evidence = trust.items.filter(({ category }) => category !== "slo");
  return (
    <>
      <div class="hero">
        <p class="kicker">{say("trust-kicker")}</p>
        <h1 translate={false}>{trust.name}</h1>
        <p class="lead">{summary(objectives)}</p>
        <p class="quiet">{say("trust-generated", { at: trust.generatedAt })}</p>
      </div>
      <section aria-labelledby="objectives">
        <h2 id="objectives">{say("trust-objectives")}</h2>
        <p class="about">
          {say("trust-objectives-about")} {say("trust-unknown-note")}
        </p>
        <ul class="tiles">
          {objectives.map((item) => (
            <Tile key={item.id} item={item} now={trust.generatedAt} />
          ))}
        </ul>
      </section>
      <div class="evidence">
        {TOPICS.map((topic) => (
          <Evidence key={topic} topic={topic} items={evidence.filter(isAbout(topic))} />
        ))}
      </div>
      <Verification />
    </>
  );
}

/** Says how many objectives are met; unknown ones are not. */
function summary(objectives: readonly PublicTrustItem[]): string {
  const total = objectives.length;
  const met = objectives.filter(({ status }) => status === "met").length;
  if (total === 0) {
    return say("trust-none");
  }
  return met === total ? say("trust-all-met") : say("trust-some", { met, total });
}

function Tile({ item, now }: { item: PublicTrustItem; now: string }): JSX.Element {
  const tone = TONES[item.status] ?? "unknown";
  const status = tone === "unknown" ? "unknown" : item.status;
  const age = Date.parse(now) - Date.parse(item.updatedAt);
  const isNamed = sayKnown("topic", item.topic, "") !== "";
  return (
    <li class="tile" data-tone={tone}>
      <h3>{isNamed ? say(`topic-${item.topic}`) : <Given>{item.title}</Given>}</h3>
      <p class="about">{say(isNamed ? `topic-${item.topic}-about` : "topic-other-about")}</p>
      <p class="tile-status">
        <Status tone={tone} text={say(`status-${status}`)} />
      </p>
      <p>{say(`status-${status}-about`)}</p>
      <p class="quiet">
        {say("trust-measured", { age: ageOf(age) })}
        <br />
        <Instant at={item.updatedAt} />
      </p>
      {age > 24 * 60 * MINUTE && <p class="stale">{say("trust-stale")}</p>}
    </li>
  );
}

function ageOf(age: number): string {
  const minutes = Math.floor(age / MINUTE);
  if (minutes < 1) {
    return say("age-now");
  }
  const hours = Math.floor(minutes / 60);
  const days = Math.floor(hours / 24);
  if (days > 0) {
    return say("age-days", { count: days });
  }
  return hours > 0 ? say("age-hours", { count: hours }) : say("age-minutes", { count: minutes });
}

/** Whether an item belongs in a list; the last list takes whatever no other does. */
function isAbout(topic: string): (item: PublicTrustItem) => boolean {
  const known: readonly string[] = TOPICS;
  return (item) => (known.includes(item.topic) ? item.topic : "document") === topic;
}

function Evidence(props: { topic: string; items: readonly PublicTrustItem[] }): JSX.Element {
  const { topic, items } = props;
  return (
    <section aria-labelledby={topic} class="card">
      <h2 id={topic}>{say(`trust-${topic}`)}</h2>
      <p class="about">{say(`trust-${topic}-about`)}</p>
      {items.length === 0 && <p class="quiet">{say("trust-empty")}</p>}
      <ul class="proofs">
        {items.map((item) => (
          <li key={item.id}>
            <h3 translate={false}>{item.title}</h3>
            {item.sha256 && (
              <>
                <p>
                  <Status tone="plain" text={say("trust-signed")} />
                </p>
                <p class="about">{say("trust-signed-about")}</p>
                <p class="hash">
                  <span class="quiet">{say("trust-hash")}</span> <code>{item.sha256}</code>
                </p>
              </>
            )}
            <p class="quiet">{say("trust-published", { at: item.updatedAt })}</p>
          </li>
        ))}
      </ul>
    </section>
  );
}

function Verification(): JSX.Element {
  return (
    <section aria-labelledby="verify" class="verify">
      <h2 id="verify">{say("trust-verify")}</h2>
      <p class="about">{say("trust-verify-about")}</p>
      <ol>
        <li>{say("trust-verify-ask")}</li>
        <li>
          {say("trust-verify-hash")}
          <code class="block">sha256sum document.pdf</code>
        </li>
        <li>
          {say("trust-verify-issuer")}
          <code class="block">intelgraph-server verify bundle.zip --root issuer.pem</code>
        </li>
      </ol>
      <a class="button" href="/issuer.pem" download>
        {say("trust-verify-certificate")}
      </a>
    </section>
  );
}

addMessages();
const slug = decodeURIComponent(location.pathname.split("/")[2] ?? "");
const root = document.getElementById("app");
if (root) {
  root.textContent = "";
  render(<TrustPage slug={slug} />, root);
}
