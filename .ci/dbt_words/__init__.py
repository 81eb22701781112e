"""What sqlfluff needs to render the project's templates without dbt: each word of dbt as plausible SQL."""

from __future__ import annotations

import os
from pathlib import Path
from types import SimpleNamespace
from typing import TYPE_CHECKING, Any

import yaml

if TYPE_CHECKING:
    from collections.abc import Callable

_PROJECT = yaml.safe_load(
    (Path(__file__).resolve().parents[2] / "dbt_project" / "dbt_project.yml").read_text()
)


def ref(name: str) -> str:
    """Render a model as its name."""
    return name


def source(_schema: str, name: str) -> str:
    """Render a source as its name."""
    return name


def var(name: str, default: Any = None) -> Any:  # noqa: ANN401 - as typed in the project file
    """Return the project's own value of a variable."""
    return _PROJECT["vars"].get(name, default)


def env_var(name: str, default: str = "") -> str:
    """Return an environment variable."""
    return os.environ.get(name, default)


def config(**_settings: object) -> str:
    """Render a model's settings as nothing."""
    return ""


def _dispatch(name: str, _namespace: str = "") -> Callable[..., str]:
    """Stand for an engine's own macro: a query where it takes nothing, else its first argument."""

    def rendered(*arguments: object) -> str:
        return str(arguments[0]) if arguments else f"select 1 as {name}"

    return rendered


adapter = SimpleNamespace(dispatch=_dispatch)
target = SimpleNamespace(schema="main", name="duckdb")
exceptions = SimpleNamespace(raise_compiler_error=lambda message: message)
dbt = SimpleNamespace(
    concat=" || ".join,
    dateadd=lambda part, count, moment: f"({moment} + interval '1 {part}' * ({count}))",
    datediff=lambda first, second, part: f"date_diff('{part}', {first}, {second})",
    date_trunc=lambda part, moment: f"date_trunc('{part}', {moment})",
    generate_series=lambda _upper: "select 1 as generated_number",
    hash=lambda column: f"md5({column})",
)
globals()["return"] = lambda value: value
