/** What every section of the administration has: a heading, a sentence, and a place for results. */

import type { ComponentChildren, JSX } from "preact";
import { useEffect, useRef, useState } from "preact/hooks";
import { say } from "../texts.ts";

export interface Notice {
  readonly text: string;
  /** Tells the results of one kind apart, so that the same words are said again. */
  readonly number: number;
}

/** The last result, and the function that tells a newer one and takes the reader there. */
export function useNotice(): [Notice, (text: string, moves?: "moves") => void] {
  const [notice, setNotice] = useState<Notice & { moves?: boolean }>({ text: "", number: 0 });
  useEffect(() => {
    if (notice.moves) {
      document.getElementById("result")?.focus();
    }
  }, [notice]);
  return [
    notice,
    (text, moves) =>
      setNotice(({ number }) => ({ text, number: number + 1, moves: moves === "moves" })),
  ];
}

interface SectionProps {
  readonly name: string;
  readonly about: string;
  readonly notice?: Notice;
  readonly children: ComponentChildren;
}

export function Section({ name, about, notice, children }: SectionProps): JSX.Element {
  const heading = useRef<HTMLHeadingElement>(null);
  return (
    <>
      <div class="hero">
        <h1 ref={heading} id="heading" tabIndex={-1}>
          {say(name)}
        </h1>
        <p class="lead">{say(about)}</p>
        <div role="status" id="result" tabIndex={-1} class="result">
          {notice?.text && <p key={notice.number}>{notice.text}</p>}
        </div>
      </div>
      {children}
    </>
  );
}

/** Begins the download that an expiring link leads to. */
export function follow(link: string): void {
  const { protocol } = new URL(link, location.href);
  if (protocol === "https:" || protocol === "http:") {
    location.assign(link);
  }
}

/** The button behind a list that goes on. */
export function More({ load }: { load: (() => Promise<void>) | undefined }): JSX.Element | null {
  return load ? (
    <p>
      <button type="button" onClick={load}>
        {say("more")}
      </button>
    </p>
  ) : null;
}
