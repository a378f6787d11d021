"""Writes what `nox -s api` keeps: the dumps in `docs/api`, and the page of others' licences.

What it prints is what the changelog does not tell yet, and what a minor version may not do.
"""

from __future__ import annotations

import sys
from pathlib import Path

sys.path[:0] = [str(Path(__file__).resolve().parents[1])]

from distributions import api, changelog, licences  # noqa: E402 - the program finds them there.
from distributions.api_changes import broken_by  # noqa: E402 - as above.
from repository import ROOT  # noqa: E402 - as above.

if __name__ == "__main__":
    today = api.dumps()
    for dump, facts in today.items():
        (api.FOLDER / f"{dump}.txt").write_text(api.rendered(facts), "utf-8")
    (ROOT / licences.PAGE).write_text(licences.page(), "utf-8")
    differing = changelog.since_the_last_release(today)
    lines = [f"not in CHANGELOG.md: {name}" for name in changelog.untold(differing)]
    lines += [f"{c.name} {reason}" for c in differing if (reason := broken_by(c))]
    sys.stdout.writelines(f"{line}\n" for line in lines)
