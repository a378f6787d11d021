"""Log records into one line of JSON each, on stderr."""

from __future__ import annotations

import json
import logging
from datetime import UTC, datetime
from typing import Final

# What a record may carry beside its message; nothing else is printed.
FIELDS: Final = ("requestId", "method", "path", "opId", "status", "durationMs")
LOGGERS: Final = ("intelgraph_server", "uvicorn", "alembic")


class JsonLines(logging.Formatter):
    def format(self, record: logging.LogRecord) -> str:
        line: dict[str, object] = {
            "time": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
            "level": record.levelname.lower(),
            "logger": record.name,
            "message": record.getMessage(),
        }
        line.update({name: getattr(record, name) for name in FIELDS if hasattr(record, name)})
        if record.exc_info:
            line["exception"] = self.formatException(record.exc_info)
        return json.dumps(line)


def log_to_stderr(level: str) -> None:
    stream = logging.StreamHandler()
    stream.setFormatter(JsonLines())
    for name in LOGGERS:
        logger = logging.getLogger(name)
        logger.handlers[:] = [stream]
        logger.setLevel(level.upper())
        logger.propagate = False
    # At info these two tell each step of a start, which the ready line says in one.
    for name in ("uvicorn", "alembic"):
        logging.getLogger(name).setLevel("WARNING")
