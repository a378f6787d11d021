"""Writes what `nox -s api` keeps: the dumps in `docs/api`, and the page of others' licences."""

from __future__ import annotations

import sys
from pathlib import Path

sys.path[:0] = [str(Path(__file__).resolve().parents[1])]

from distributions import api, licences  # noqa: E402 - the program finds them there.
from repository import ROOT  # noqa: E402 - as above.

if __name__ == "__main__":
    for dump, facts in api.dumps().items():
        (api.FOLDER / f"{dump}.txt").write_text(api.rendered(facts), "utf-8")
    (ROOT / licences.PAGE).write_text(licences.page(), "utf-8")
