from __future__ import annotations

import io
import json
from typing import TYPE_CHECKING

import pyarrow.parquet as pq
import pytest

from orchestration import publishing
from orchestration.query import Format, answer, check_reads_only
from tenants.errors import InvalidInput
from tenants.warehouse import Warehouse
from tests.orchestration.factories import make_build

if TYPE_CHECKING:
    from pathlib import Path

REFUSED = [
    "drop table marts.sums",
    "insert into marts.sums values (1)",
    "with a as (select 1) insert into marts.sums select * from a",
    "create table t as select 1",
    "update marts.sums set value = 1",
    "attach 'x.duckdb'",
    "copy marts.sums to 'x.csv'",
    "set threads = 1",
    "call pragma_version()",
    "begin",
    "checkpoint",
    "vacuum",
    "install httpfs",
]


def ask(state: Path, sql: str, form: Format = "json") -> bytes:
    out = io.BytesIO()
    with Warehouse(state).open() as connection:
        answer(connection, sql, form, out)
    return out.getvalue()


@pytest.fixture(scope="module")
def state(tmp_path_factory: pytest.TempPathFactory) -> Path:
    state = tmp_path_factory.mktemp("state")
    publishing.publish(Warehouse(state), make_build(state, "build-1", value=7))
    return state


def test_json_is_an_array_of_objects_with_decimals_and_times_as_strings(state: Path) -> None:
    sql = """
        select 1.50::decimal(18, 2) as amount, timestamptz '2026-04-03 12:00:00+00' as at,
            date '2026-04-01' as day, null as nothing, 3 as number, true as yes,
            ['a', 'b'] as many, {'rate': 0.1::decimal(3, 2)} as nested, sum(2) as total
    """
    assert json.loads(ask(state, sql)) == [
        {
            "amount": "1.50",
            "at": "2026-04-03T12:00:00+00:00",
            "day": "2026-04-01",
            "nothing": None,
            "number": 3,
            "yes": True,
            "many": ["a", "b"],
            "nested": {"rate": "0.10"},
            "total": 2,
        }
    ]


def test_json_without_rows_is_an_empty_array(state: Path) -> None:
    assert json.loads(ask(state, "select 1 as one where false")) == []


def test_json_loses_no_column_whose_name_repeats(state: Path) -> None:
    assert json.loads(ask(state, "select 1 as a, 2 as a, 3 as b")) == [{"a": 1, "a_2": 2, "b": 3}]


def test_json_stays_json_for_values_it_has_no_word_for(state: Path) -> None:
    text = ask(state, "select 'nan'::double as n, '-inf'::double as i, 'x'::blob as b, interval 1 day as d")
    assert json.loads(text) == [{"n": "nan", "i": "-inf", "b": "78", "d": "1 day, 0:00:00"}]


def test_csv_has_a_header_quotes_and_empty_nulls(state: Path) -> None:
    text = ask(state, """select 'a,"b"' as text, null as nothing, 0.10::decimal(9, 2) as amount""", "csv")
    assert text.decode() == 'text,nothing,amount\n"a,""b""",,0.10\n'


def test_csv_without_rows_still_has_its_header(state: Path) -> None:
    assert ask(state, "select 1 as one where false", "csv") == b"one\n"


def test_parquet_keeps_decimals_exact_and_whole_numbers_whole(state: Path) -> None:
    data = ask(state, "select 0.10::decimal(18, 8) as amount, sum(2::bigint) as total", "parquet")
    table = pq.read_table(io.BytesIO(data))
    assert [str(kind) for kind in table.schema.types] == ["decimal128(18, 8)", "decimal128(38, 0)"]
    assert [str(value) for value in table.to_pylist()[0].values()] == ["0.10000000", "2"]


def test_a_table_says_when_it_does_not_show_all(state: Path) -> None:
    text = ask(state, "select i from range(600) t(i)", "table").decode()
    assert "499" in text
    assert "--format csv gives them all" in text.replace("`", "")


@pytest.mark.parametrize("sql", REFUSED)
def test_whatever_would_change_something_is_refused_in_one_sentence(sql: str) -> None:
    with pytest.raises(InvalidInput, match="only reads"):
        check_reads_only(sql)


@pytest.mark.parametrize("sql", ["", "  ", "-- nothing", "select 1; select 2", "select 1; drop table x"])
def test_anything_but_one_statement_is_refused(sql: str) -> None:
    with pytest.raises(InvalidInput, match="one statement"):
        check_reads_only(sql)


@pytest.mark.parametrize(
    "sql", ["selct 1", "select * from marts.nowhere", "select value::date from marts.sums"]
)
def test_a_question_that_makes_no_sense_is_answered_with_the_reason(state: Path, sql: str) -> None:
    with pytest.raises(InvalidInput, match="The query cannot be answered: ") as refusal:
        ask(state, sql)
    assert "\n\n" not in refusal.value.message


@pytest.mark.parametrize("sql", ["describe marts.sums", "show tables", "explain select 1", "from marts.sums"])
def test_looking_around_is_reading(state: Path, sql: str) -> None:
    assert ask(state, sql, "csv")
