"""Revenue policies: presets that ship, and an operator's own file that changes some switches of one."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import yaml

from tenants.errors import InvalidInput

FOLDER = Path(__file__).parents[1] / "dbt_project" / "policies"
NOT_PRESETS = frozenset({"switches"})
NAME = re.compile(r"[a-z][a-z0-9_]{0,40}")


@dataclass(frozen=True)
class Policy:
    """A complete set of switches, ready for dbt.

    Attributes:
        name: Lower case; `marts_<name>` holds its tables where it is built beside the configured one.
        version: Grows with each change of its switches.
        summary: One line on where it differs from the default.
        source: The document it follows, or the file it was read from.
        switches: Every switch with its value.
    """

    name: str
    version: int
    summary: str
    source: str
    switches: dict[str, str | int]


def presets() -> list[str]:
    """Return the names of the policies that ship."""
    return sorted(path.stem for path in FOLDER.glob("*.yml") if path.stem not in NOT_PRESETS)


@cache
def allowed_values() -> dict[str, list[str | int]]:
    """Return every switch with the values it may take."""
    described = yaml.safe_load((FOLDER / "switches.yml").read_text())
    return {name: list(entry["values"]) for name, entry in described.items()}


def resolve(name_or_file: str) -> Policy:
    """Return the policy that a name or a file means.

    Args:
        name_or_file: A preset's name, or the path of a YAML or JSON file with a `base` and changed switches.

    Raises:
        InvalidInput: There is no such preset or file, or a switch or value that does not exist.
    """
    if name_or_file in presets():
        return _preset(name_or_file)
    path = Path(name_or_file).expanduser()
    if not path.is_file():
        message = (
            f"There is no revenue policy '{name_or_file}': give one of {', '.join(presets())}, "
            "or the path of a YAML or JSON file."
        )
        raise InvalidInput(message, code="unknown_policy")
    return _from_file(path)


def with_switches(base: Policy, name: str, changes: dict[str, Any]) -> Policy:
    """Return a policy that differs from another in the given switches only.

    Raises:
        InvalidInput: A switch or a value that does not exist.
    """
    checked = {switch: _checked(switch, value, name) for switch, value in changes.items()}
    return Policy(name, base.version, f"{base.name} with changes", base.source, base.switches | checked)


def _preset(name: str) -> Policy:
    content = yaml.safe_load((FOLDER / f"{name}.yml").read_text())
    switches = {
        switch: _checked(switch, content["switches"].get(switch), name) for switch in allowed_values()
    }
    return Policy(name, content["version"], content["summary"], content["source"], switches)


def _from_file(path: Path) -> Policy:
    try:
        content = yaml.load(path.read_text(encoding="utf-8"), _Once)  # noqa: S506 - a safe loader
    except (OSError, UnicodeDecodeError, yaml.YAMLError) as problem:
        message = f"The policy file {path} cannot be read as YAML or JSON: {_first_line(problem)}."
        raise InvalidInput(message, code="unreadable_policy") from problem
    if not isinstance(content, dict):
        message = f"The policy file {path} must be a mapping of `base` and switches."
        raise InvalidInput(message, code="unreadable_policy")
    changes = dict(content)
    base, name = changes.pop("base", "default"), str(changes.pop("name", _file_name(path)))
    if base not in presets():
        message = f"The policy file {path} has the base '{base}': give one of {', '.join(presets())}."
        raise InvalidInput(message, code="unknown_policy")
    if not NAME.fullmatch(name) or name in presets():
        message = f"The policy file {path} is named '{name}': name it otherwise, in a-z, 0-9 and _."
        raise InvalidInput(message, code="invalid_policy_name")
    derived = with_switches(_preset(base), name, changes)
    return Policy(name, derived.version, f"{base} with changes", str(path), derived.switches)


class _Once(yaml.SafeLoader):
    """Reads no mapping that says a thing twice, of which only the last would count."""

    def construct_mapping(self, node: yaml.MappingNode, deep: bool = False) -> dict[Any, Any]:  # noqa: FBT001, FBT002 - the base's
        names = [key.value for key, _ in node.value]
        for name in names:
            if names.count(name) > 1:
                message = f"it sets '{name}' twice"
                raise yaml.YAMLError(message)
        return super().construct_mapping(node, deep)


def _file_name(path: Path) -> str:
    """Return a file's name as the name of a policy."""
    cleaned = re.sub(r"[^a-z0-9]+", "_", path.stem.lower()).strip("_")
    return f"{cleaned}_file" if cleaned in presets() else cleaned


def _checked(switch: str, value: object, policy: str) -> str | int:
    """Return a switch's value as the data of `switches.yml` writes it."""
    if switch not in allowed_values():
        known = ", ".join(allowed_values())
        message = f"The policy {policy} sets '{switch}', which is no switch: the switches are {known}."
        raise InvalidInput(message, code="unknown_switch", switch=switch)
    for allowed in allowed_values()[switch]:
        if str(allowed) == str(value) and not isinstance(value, bool):
            return allowed
    choices = ", ".join(str(allowed) for allowed in allowed_values()[switch])
    message = f"The policy {policy} sets {switch} to '{value}': give one of {choices}."
    raise InvalidInput(message, code="invalid_switch", switch=switch)


def _first_line(problem: Exception) -> str:
    return str(problem).splitlines()[0].rstrip(".:")
