"""Form bodies and query strings to typed values, with Stripe's complaints about bad ones."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from decimal import Decimal, InvalidOperation
from typing import Any
from urllib.parse import parse_qsl

from orchestration.demo.sandbox.errors import ApiError, Json, required

# An amount times a quantity must fit into 64 bits.
LARGEST_COUNT = 999_999_999
_LARGEST_INTEGER = 99_999_999_999
Reader = Callable[[Any, str], Any]


def parse_form(raw: bytes) -> Json:
    """Return the nested dictionary that `a[b][0][c]=d` notation spells; lists come as index dictionaries."""
    form: Json = {}
    for key, value in parse_qsl(raw.decode(errors="replace"), keep_blank_values=True):
        head, *rest = key.replace("]", "").split("[")
        place = form
        for part, after in zip([head, *rest], [*rest, None], strict=True):
            if after is None:
                place[part or str(len(place))] = value
            else:
                inner = place.setdefault(part, {})
                if not isinstance(inner, dict):
                    message = f"Invalid parameter: {key} is given both as a value and as a hash."
                    raise ApiError(message, param=head)
                place = inner
    return form


class Spec:
    """The parameters one endpoint takes: name to reader.

    Args:
        required: Names that must be given, separated by spaces.
        readers: What turns each parameter into its value.
    """

    def __init__(self, required: str = "", /, **readers: Reader) -> None:
        self.readers = readers
        self.required = required.split()

    def read(self, form: Json, prefix: str = "") -> Json:
        """Return the given parameters, converted; unknown and unfit ones are refused by name."""
        values: Json = {}
        for name, raw in form.items():
            reader = self.readers.get(name)
            path = f"{prefix}[{name}]" if prefix else name
            if reader is not None:
                values[name] = reader(raw, path)
            elif name != "expand":
                message = f"Received unknown parameter: {path}"
                raise ApiError(message, code="parameter_unknown", param=path)
        for name in self.required:
            if values.get(name) is None:
                raise required(param=f"{prefix}[{name}]" if prefix else name)
        return values

    def __call__(self, raw: Any, path: str) -> Json | None:  # noqa: ANN401 - forms are untyped until read
        """Read a nested hash; an empty string unsets it."""
        if raw in ("", None):
            return None
        if not isinstance(raw, dict):
            raise _invalid(path, "hash", raw)
        return self.read(raw, path)

    def with_(self, required: str = "", /, **readers: Reader) -> Spec:
        """Return this specification with more parameters."""
        return Spec(" ".join([*self.required, required]), **{**self.readers, **readers})


def _invalid(path: str, wanted: str, raw: object) -> ApiError:
    return ApiError(f"Invalid {wanted}: {raw}", code=f"parameter_invalid_{wanted}", param=path)


def text(raw: Any, path: str) -> str | None:  # noqa: ANN401 - forms are untyped until read
    """Read a string; an empty one unsets."""
    if isinstance(raw, dict | list):
        raise _invalid(path, "string", raw)
    return None if raw in ("", None) else str(raw)


def integer(raw: Any, path: str) -> int | None:  # noqa: ANN401 - forms are untyped until read
    """Read a whole number."""
    if raw in ("", None):
        return None
    try:
        value = int(str(raw))
    except ValueError:
        raise _invalid(path, "integer", raw) from None
    if abs(value) > _LARGEST_INTEGER:
        raise _invalid(path, "integer", raw)
    return value


def count(raw: Any, path: str) -> int | None:  # noqa: ANN401 - forms are untyped until read
    """Read a whole number that is not negative."""
    value = integer(raw, path)
    if value is not None and not 0 <= value <= LARGEST_COUNT:
        message = f"This value must be from 0 to {LARGEST_COUNT} (it currently is '{value}')."
        raise ApiError(message, code="parameter_invalid_integer", param=path)
    return value


def decimal(raw: Any, path: str) -> Decimal | None:  # noqa: ANN401 - forms are untyped until read
    """Read a decimal exactly."""
    if raw in ("", None):
        return None
    try:
        value = Decimal(str(raw))
    except InvalidOperation:
        raise _invalid(path, "decimal", raw) from None
    if not value.is_finite() or abs(value) > LARGEST_COUNT:
        raise _invalid(path, "decimal", raw)
    return value


def boolean(raw: Any, path: str) -> bool | None:  # noqa: ANN401 - forms are untyped until read
    """Read true or false."""
    if isinstance(raw, bool):
        return raw
    if raw in ("", None):
        return None
    if raw in ("true", "false"):
        return bool(raw == "true")
    raise _invalid(path, "boolean", raw)


def moment(raw: Any, path: str) -> int | str | None:  # noqa: ANN401 - forms are untyped until read
    """Read a timestamp in seconds, or the word `now`."""
    if raw == "now":
        return "now"
    try:
        return integer(raw, path)
    except ApiError:
        raise _invalid(path, "timestamp", raw) from None


def choice(*allowed: str) -> Reader:
    """Return a reader that takes one of the words."""

    def read(raw: Any, path: str) -> str | None:  # noqa: ANN401 - forms are untyped until read
        value = text(raw, path)
        if value is not None and value not in allowed:
            message = f"Invalid {path}: must be one of {', '.join(allowed)}"
            raise ApiError(message, param=path)
        return value

    return read


def mapping(raw: Any, path: str) -> dict[str, str]:  # noqa: ANN401 - forms are untyped until read
    """Read metadata: strings by name; an empty string as value unsets a key."""
    if raw in ("", None):
        return {"": ""}
    if not isinstance(raw, dict):
        raise _invalid(path, "hash", raw)
    return {str(key): "" if value is None else str(value) for key, value in raw.items()}


def anything(raw: Any, _path: str) -> Any:  # noqa: ANN401 - passes on what Stripe takes and we only keep
    """Take a value as it is; an empty string unsets."""
    return None if raw == "" else raw


def many(reader: Reader) -> Reader:
    """Return a reader of a list whose members `reader` reads; an empty string empties it."""

    def read(raw: Any, path: str) -> list[Any]:  # noqa: ANN401 - forms are untyped until read
        if raw in ("", None):
            return []
        members: Iterable[Any]
        if isinstance(raw, dict):
            members = raw.values()
        elif isinstance(raw, list | tuple):
            members = raw
        else:
            raise _invalid(path, "array", raw)
        return [reader(member, f"{path}[{place}]") for place, member in enumerate(members)]

    return read


FIELDS = many(Spec("name value", name=text, value=text))


def merge_metadata(held: dict[str, str], given: dict[str, str] | None) -> dict[str, str]:
    """Return metadata after an update: keys are merged, empty values unset, an empty hash clears."""
    if given is None:
        return held
    if "" in given:
        return {}
    merged = {**held, **given}
    return {key: value for key, value in merged.items() if value != ""}
