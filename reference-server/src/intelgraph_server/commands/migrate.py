"""`migrate`: the database at the revision that this version needs."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING, Final

from intelgraph_server.settings import database_url

from . import database_option, reach, told_in_one_line

if TYPE_CHECKING:
    import argparse

SUMMARY: Final = "bring the database up to date"
EXAMPLES: Final = """\
examples:
  intelgraph-server migrate --database-url postgresql://app@db/intelgraph
"""


def add_options(command: argparse.ArgumentParser) -> None:
    database_option(command.add_argument)


def run(options: argparse.Namespace) -> int:
    from intelgraph_server.database.engine import Database  # noqa: PLC0415
    from intelgraph_server.database.migrate import HEAD, migrate  # noqa: PLC0415

    with told_in_one_line("the database cannot be migrated"):
        database = Database(database_url(options.database_url))
        reach(database)
        migrate(database)
    database.close()
    sys.stdout.write(f"the database is at revision {HEAD}\n")
    return 0
