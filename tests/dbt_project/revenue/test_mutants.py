"""Each wrong turn of the SQL is noticed: by the reference, an identity, an example, or the engine itself."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.dbt_project.revenue.mutation import Laboratory, Mutant, mutants
from tests.dbt_project.revenue.warehouse import compiled

if TYPE_CHECKING:
    from collections.abc import Iterator

pytestmark = pytest.mark.early

ALL = mutants()
SAMPLE = ALL[::12]


@pytest.fixture(scope="module")
def laboratory(tmp_path_factory: pytest.TempPathFactory) -> Laboratory:
    return Laboratory(tmp_path_factory.mktemp("laboratory"))


@pytest.fixture(scope="module")
def table() -> Iterator[list[tuple[Mutant, str]]]:
    """Collect what caught each mutant; print it when all are through."""
    rows: list[tuple[Mutant, str]] = []
    yield rows
    for mutant, catcher in rows:
        print(f"| {mutant.name} | {mutant.file} | {catcher} |")  # noqa: T201 - the table of mutants


def check(mutant: Mutant, laboratory: Laboratory) -> str:
    catcher = laboratory.catcher(mutant.applied(compiled()))
    assert catcher is not None
    assert catcher.startswith(mutant.caught_by)
    return catcher


def test_the_project_itself_is_not_caught(laboratory: Laboratory) -> None:
    assert laboratory.catcher(compiled()) is None


def test_each_mutant_changes_something_and_has_a_name_of_its_own() -> None:
    assert len({mutant.name for mutant in ALL}) == len(ALL)
    for mutant in ALL:
        assert mutant.applied(compiled()) != compiled()


@pytest.mark.parametrize("mutant", SAMPLE, ids=lambda mutant: mutant.name)
def test_a_wrong_turn_is_noticed(mutant: Mutant, laboratory: Laboratory) -> None:
    check(mutant, laboratory)


@pytest.mark.long
@pytest.mark.parametrize("mutant", ALL, ids=lambda mutant: mutant.name)
def test_every_wrong_turn_is_noticed(
    mutant: Mutant, laboratory: Laboratory, table: list[tuple[Mutant, str]]
) -> None:
    table.append((mutant, check(mutant, laboratory)))
