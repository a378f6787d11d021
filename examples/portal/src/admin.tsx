/** The administration of one tenant, at `/admin`: sign-in, and one address for each section. */

import { type JSX, render } from "preact";
import { useEffect, useState } from "preact/hooks";
import en from "../../../reference-server/src/intelgraph_server/texts/en/admin.ftl";
import es from "../../../reference-server/src/intelgraph_server/texts/es/admin.ftl";
import { onSignedOut } from "./calls.ts";
import { Field, Frame } from "./parts.tsx";
import { Evidence } from "./sections/evidence.tsx";
import { Incidents } from "./sections/incidents.tsx";
import { Marketplace } from "./sections/marketplace.tsx";
import { Orders } from "./sections/orders.tsx";
import { Residency } from "./sections/residency.tsx";
import { Switches } from "./sections/switches.tsx";
import { Trust } from "./sections/trust.tsx";
import { addMessages, say } from "./texts.ts";

const SECTIONS: Readonly<Record<string, () => JSX.Element>> = {
  marketplace: Marketplace,
  orders: Orders,
  incidents: Incidents,
  residency: Residency,
  trust: Trust,
  evidence: Evidence,
  switches: Switches,
};

/** The section that the address names, or the first. */
function sectionHere(): string {
  const name = location.pathname.split("/")[2] ?? "";
  return Object.hasOwn(SECTIONS, name) ? name : "marketplace";
}

/** The current section, and the way to another: by address, so that Back works. */
function useSection(): [string, (name: string) => void] {
  const [section, setSection] = useState(sectionHere);
  useEffect(() => {
    // The link past the menu changes the address too, but not the section.
    const show = () => sectionHere() !== section && arrive(sectionHere());
    addEventListener("popstate", show);
    return () => removeEventListener("popstate", show);
  });

  function arrive(name: string): void {
    setSection(name);
    // Once it is drawn: whoever hears the page is told where they are now.
    setTimeout(() => {
      document.getElementById("heading")?.focus();
      scrollTo(0, 0);
    });
  }

  return [
    section,
    (name) => {
      history.pushState(null, "", `/admin/${name}`);
      arrive(name);
    },
  ];
}

function Administration(): JSX.Element {
  const [, renew] = useState({});
  const [isSignedIn, setSignedIn] = useState(document.documentElement.dataset.page === "admin");
  const [hasEnded, setEnded] = useState(false);
  const [section, go] = useSection();
  useEffect(() =>
    onSignedOut(() => {
      setEnded(true);
      setSignedIn(false);
    }),
  );
  useEffect(() => {
    document.title = `${say(isSignedIn ? section : "sign-in")} · ${say("admin-title")} · ${say("brand")}`;
  });
  const Current = SECTIONS[section] ?? Marketplace;
  return isSignedIn ? (
    <Frame
      onLanguage={() => renew({})}
      menu={<Menu section={section} go={go} />}
      account={
        <form method="post" action="/session/end">
          <button type="submit">{say("admin-sign-out")}</button>
        </form>
      }
    >
      <Current key={section} />
    </Frame>
  ) : (
    <Frame onLanguage={() => renew({})}>
      <SignIn hasEnded={hasEnded} />
    </Frame>
  );
}

function Menu({ section, go }: { section: string; go(name: string): void }): JSX.Element {
  return (
    <nav class="menu" aria-label={say("admin-nav")}>
      <ul>
        {Object.keys(SECTIONS).map((name) => (
          <li key={name}>
            <a
              href={`/admin/${name}`}
              aria-current={name === section ? "page" : undefined}
              onClick={(event) => {
                // With a key held the browser opens it elsewhere, as for any link.
                if (!(event.metaKey || event.ctrlKey || event.shiftKey || event.altKey)) {
                  event.preventDefault();
                  go(name);
                }
              }}
            >
              {say(name)}
            </a>
          </li>
        ))}
      </ul>
    </nav>
  );
}

function SignIn({ hasEnded }: { hasEnded: boolean }): JSX.Element {
  const wasRefused = new URLSearchParams(location.search).has("refused");
  const problem = hasEnded ? "sign-in-ended" : wasRefused ? "sign-in-refused" : undefined;
  useEffect(() => {
    if (problem) {
      document.getElementById("token")?.focus();
    }
  }, [problem]);
  return (
    <div class="sign-in">
      <h1>{say("sign-in")}</h1>
      <p class="lead">{say("sign-in-about")}</p>
      <form class="card form" method="post" action="/session">
        {/* Password managers keep a password under a name. */}
        <input type="text" name="username" autocomplete="username" value="intelgraph" hidden />
        <Field
          id="token"
          label={say("sign-in-token")}
          hint={say("sign-in-hint")}
          {...(problem && { problem: say(problem) })}
        >
          {(described) => (
            <input
              type="password"
              name="token"
              required
              autocomplete="current-password"
              spellcheck={false}
              {...described}
            />
          )}
        </Field>
        <div class="actions">
          <button type="submit" class="primary">
            {say("sign-in")}
          </button>
        </div>
      </form>
    </div>
  );
}

addMessages({ en, es });
const root = document.getElementById("app");
if (root) {
  root.textContent = "";
  render(<Administration />, root);
}
