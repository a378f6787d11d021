"""`token`: a bearer token, printed."""

from __future__ import annotations

import argparse
import sys
from datetime import UTC, datetime, timedelta
from typing import Final

from intelgraph_server.settings import database_url

from . import database_option, option, signing_key

SUMMARY: Final = "print a bearer token"
EXAMPLES: Final = """\
examples:
  intelgraph-server token --tenant acme --grant entity.read --grant billing.read
  intelgraph-server token --tenant acme --grant trust.read --hours 1
"""


@option("is not a number of hours")
def lifetime(text: str) -> timedelta:
    valid = timedelta(hours=float(text))
    # Past the end of time no token can be dated.
    if datetime.now(UTC) + valid <= datetime.now(UTC):
        raise ValueError(text)
    return valid


def add_options(command: argparse.ArgumentParser) -> None:
    add = command.add_argument
    add("--tenant", required=True, help="the tenant the token speaks for")
    what = "what the token allows, such as entity.read; may be repeated"
    add("--grant", action="append", type=_permission, default=[], metavar="PERMISSION", help=what)
    add("--subject", default="cli", help="who the token is for (cli)")
    add("--human", action="store_true", help="the token is a person's")
    add("--hours", type=lifetime, default="24", help="how long it is valid (24)")
    database_option(add)


def run(options: argparse.Namespace) -> int:
    from intelgraph_server.auth import Tokens  # noqa: PLC0415

    key = signing_key(database_url(options.database_url), may_create=False)
    token = Tokens(key, lambda: datetime.now(UTC)).issue(
        tenant_id=options.tenant,
        permissions=options.grant,
        subject=options.subject,
        lifetime=options.hours,
        is_human=options.human,
    )
    sys.stdout.write(token + "\n")
    return 0


def _permission(text: str) -> str:
    from intelgraph_server.app import DOMAINS  # noqa: PLC0415
    from intelgraph_server.engine.schema import executable_schema, permissions  # noqa: PLC0415
    from intelgraph_server.generated.sdl import SDL  # noqa: PLC0415

    known = sorted(permissions(executable_schema(SDL, DOMAINS)))
    if text not in known:
        raise argparse.ArgumentTypeError(
            f"the schema has no permission {text!r}; it has {', '.join(known)}"
        )
    return text
