"""Objects by kind and age, with the indexes that lists filter by."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

    from orchestration.demo.sandbox.errors import Json

INDEXED = (
    "customer",
    "subscription",
    "invoice",
    "charge",
    "payment_intent",
    "product",
    "source",
    "promotion",
)


def reference(value: object) -> str | None:
    """Return the id that a field refers to, whether it holds an id or the object."""
    if isinstance(value, dict):
        return value.get("id")
    return value if isinstance(value, str) else None


class Collection:
    """All objects of one kind, oldest first."""

    def __init__(self) -> None:
        self.objects: dict[str, Json] = {}
        self.ages: list[str | None] = []
        self.position: dict[str, int] = {}
        self._created: list[int] = []
        self._sorted = True
        self._index: dict[tuple[str, str], list[str]] = {}

    def __iter__(self) -> Iterator[Json]:
        """Walk from the oldest to the newest."""
        return iter(self.objects.values())

    def add(self, thing: Json) -> None:
        """Append an object."""
        created = thing.get("created") or thing.get("date") or 0
        self._sorted = self._sorted and (not self._created or created >= self._created[-1])
        self.position[thing["id"]] = len(self.ages)
        self.objects[thing["id"]] = thing
        self.ages.append(thing["id"])
        self._created.append(created)
        for field in INDEXED:
            if (target := reference(thing.get(field))) is not None:
                self.link(field, target, thing["id"])

    def link(self, field: str, target: str, object_id: str) -> None:
        """Index an object under a reference that it took on later."""
        known = self._index.setdefault((field, target), [])
        if object_id not in known[-20:]:
            known.append(object_id)

    def remove(self, object_id: str) -> Json:
        """Take an object out of lists and look-ups."""
        self.ages[self.position.pop(object_id)] = None
        return self.objects.pop(object_id)

    def under(self, field: str, target: str) -> list[Json]:
        """Return the objects that refer to a target through an indexed field, oldest first."""
        objects = self.objects
        known = self._index.get((field, target), ())
        found = (objects[each] for each in known if each in objects)
        return [each for each in found if field not in each or reference(each[field]) == target]

    def newest_first(
        self, since: int | None, until: int | None, from_id: str | None = None
    ) -> Iterator[Json]:
        """Walk from the newest (or a given one) to the oldest among those created in [since, until]."""
        first, last = 0, len(self.ages)
        if self._sorted:
            first = 0 if since is None else bisect_left(self._created, since)
            last = last if until is None else bisect_right(self._created, until)
        if from_id is not None:
            last = self.position[from_id] + 1
        for place in range(last - 1, first - 1, -1):
            object_id = self.ages[place]
            if object_id is not None:
                yield self.objects[object_id]


class Store:
    """Every collection, and every object by its id."""

    def __init__(self) -> None:
        self.collections: dict[str, Collection] = {}
        self.by_id: dict[str, Json] = {}
        self.gone: dict[str, Json] = {}

    def of(self, kind: str) -> Collection:
        """Return the collection of a kind, such as `invoice`."""
        found = self.collections.get(kind)
        if found is None:
            found = self.collections[kind] = Collection()
        return found

    def add(self, thing: Json) -> Json:
        """Keep a new object."""
        self.of(thing["object"]).add(thing)
        self.by_id[thing["id"]] = thing
        return thing

    def remove(self, thing: Json) -> None:
        """Delete an object; what still refers to it can expand its last state."""
        self.of(thing["object"]).remove(thing["id"])
        self.by_id.pop(thing["id"], None)
        self.gone[thing["id"]] = thing
