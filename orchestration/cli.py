"""The `loki` command: one group of commands a file in `commands/`, loaded when it is called.

What is wrong is told in one sentence on standard error, with exit code 2.
"""

from __future__ import annotations

import errno
import importlib
import os
import re
import sys
from pathlib import Path
from typing import Any

from typer.core import TyperGroup
from typer.main import get_command

from orchestration.logs import configure
from orchestration.state_settings import PRIVATE, adopt
from tenants.errors import PlatformError

# Name, module that defines it, what `loki --help` says; nothing is imported until it runs.
COMMANDS = {
    "demo": ("orchestration.commands.demo", "Make a demo world, run the main job on it, and serve it."),
    "refresh": ("orchestration.commands.refresh", "The main job: pull everything new, build, test, publish."),
    "up": ("orchestration.commands.up", "Serve API, dashboards and Dagster until Ctrl-C."),
    "stripe": ("orchestration.commands.stripe", "The Stripe part of the pull."),
    "query": ("orchestration.commands.query", "Ask the published warehouse, read-only."),
    "rebuild": ("orchestration.commands.rebuild", "Build the warehouse anew from the landing zone."),
    "explain": ("orchestration.commands.explain", "Why two revenue policies differ, by single switch."),
    "restate": ("orchestration.commands.restate", "What was known differently at two times, by cause."),
    "nightly": ("orchestration.commands.nightly", "Erasures due, retention, backups, billing, audit."),
    "validate": ("validation_engine.cli", "Check documents against compliance rules."),
    "doctor": ("orchestration.commands.doctor", "Check settings, versions, disk, connections, data."),
    "tenants": ("tenants.commands.tenants", "Create, list and change tenants."),
    "keys": ("tenants.commands.keys", "Issue, list, rotate and revoke API keys."),
    "users": ("tenants.commands.users", "Add, list and change users and staff."),
    "sso": ("tenants.commands.sso", "Trust tenants' identity providers: OpenID Connect and SAML."),
    "domains": ("tenants.commands.domains", "Claim and verify tenants' own domains."),
    "billing": ("tenants.commands.billing", "Subscriptions, invoices and comparison with Stripe."),
    "audit": ("tenants.commands.audit", "List, verify and export the audit trail."),
    "backup": ("tenants.commands.backup", "Back up a tenant."),
    "restore": ("tenants.commands.restore", "Restore a tenant from a backup."),
    "export": ("tenants.commands.export", "Export everything a tenant has."),
    "erase": ("orchestration.commands.erase", "Erase a tenant, everywhere."),
}


# What Python makes of a byte of an argument that is no UTF-8.
_SURROGATE = re.compile("[\udc80-\udcff]")


class LateGroup(TyperGroup):
    """Lists every command at once and imports the one that is called."""

    def list_commands(self, ctx: object) -> list[str]:  # noqa: ARG002 - typer's signature
        """Return the names in the order of a day's work."""
        return list(COMMANDS)

    def get_command(self, ctx: object, cmd_name: str) -> Any:  # noqa: ANN401, ARG002 - typer keeps its types private
        """Import and return one command."""
        if cmd_name not in COMMANDS:
            return None
        configure()
        module, _ = COMMANDS[cmd_name]
        command = get_command(importlib.import_module(module).app)
        command.name = cmd_name
        return command

    def format_commands(self, ctx: object, formatter: Any) -> None:  # noqa: ANN401, ARG002 - as above
        """List names and summaries without importing anything."""
        with formatter.section("Commands"):
            formatter.write_dl([(name, summary) for name, (_, summary) in COMMANDS.items()])


root = LateGroup(
    name="loki",
    help="LOKI: compliance checks for many tenants, with a revenue warehouse at the centre.",
    rich_markup_mode=None,
    no_args_is_help=True,
)


def main(arguments: list[str] | None = None) -> None:
    """Run one command and exit."""
    before = os.umask(PRIVATE)
    open_closed_streams()
    try:
        adopt()
        root.main(args=arguments, prog_name="loki")
    except PlatformError as error:
        sys.stderr.write(f"loki: {error.message}\n")
        sys.exit(2)
    except Exception as error:
        # SQLite, DuckDB and the system each report a bad folder in their own way.
        sentence = _garbled(error, sys.argv[1:] if arguments is None else arguments) or _disk_trouble(error)
        if sentence is None:
            raise
        sys.stderr.write(f"loki: {sentence}\n")
        sys.exit(2)
    finally:
        os.umask(before)


def open_closed_streams() -> None:
    """Let what is written to a closed output go nowhere.

    The next file to be opened would get its number, and with it what libraries write there.
    """
    for number, name in ((1, "stdout"), (2, "stderr")):
        if getattr(sys, name) is None:
            nowhere = os.open(os.devnull, os.O_WRONLY)
            if nowhere != number:
                os.dup2(nowhere, number)
                os.close(nowhere)
            setattr(sys, name, os.fdopen(number, "w", encoding="utf-8", closefd=False))


def _garbled(error: Exception, arguments: list[str]) -> str | None:
    """Say which argument is no UTF-8, where one is and that is what could not be written."""
    wrong = next((one for one in arguments if _SURROGATE.search(one)), None)
    if wrong is None or not isinstance(error, UnicodeEncodeError):
        return None
    return f"The argument {os.fsencode(wrong)!r} is not valid UTF-8; write it anew."


def _disk_trouble(error: Exception) -> str | None:
    """Say what is wrong with the disk or the state folder, or nothing where they are not the reason."""
    if isinstance(error, OSError) and error.errno in (errno.ENOSPC, errno.EDQUOT):
        return f"The disk is full ({error.filename or error}): free some space and run it again."
    home = Path(os.environ.get("LOKI_HOME") or "var").expanduser()
    if home.is_dir() and os.access(home, os.W_OK | os.X_OK):
        return None
    return (
        f"LOKI_HOME is {home}, which is no folder that can be written to; name another, or mend its rights."
    )


if __name__ == "__main__":
    main()
