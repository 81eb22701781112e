"""Where log lines go: as JSON to standard error, never among a command's answers on standard output."""

from __future__ import annotations

import logging
import os
import sys


def configure(default_level: str = "error") -> None:
    """Send log lines of the level of `LOKI_LOG_LEVEL` and above to standard error."""
    import structlog  # noqa: PLC0415 - start-up time

    wanted = os.environ.get("LOKI_LOG_LEVEL", default_level).upper()
    level = logging.getLevelNamesMapping().get(wanted, logging.WARNING)
    structlog.configure(
        processors=[
            structlog.contextvars.merge_contextvars,
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="iso", utc=True),
            structlog.processors.format_exc_info,
            structlog.processors.JSONRenderer(),
        ],
        wrapper_class=structlog.make_filtering_bound_logger(level),
        # Asked anew for each line: standard error may be another stream by then.
        logger_factory=lambda *_: structlog.PrintLogger(sys.stderr),
        cache_logger_on_first_use=False,
    )
