"""Words that stand nowhere else, planted and looked for: raw, unpacked, opened with every key there is."""

from __future__ import annotations

import gzip
import re
import sqlite3
import string
import zlib
from collections import defaultdict
from contextlib import closing, suppress
from typing import TYPE_CHECKING, Any

import pyarrow.parquet as pq
import sqlalchemy as sa
from cryptography.exceptions import InvalidTag

from tenants.control.tables import metadata, tenant_keys
from tenants.encryption import PLATFORM
from tenants.errors import PlatformError
from tenants.protection.backups import Backups
from tenants.protection.sealed_file import MAGIC, read_sealed
from tenants.warehouse import open_read_only

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from pathlib import Path
    from random import Random

    from tenants.control import ControlPlane
    from tenants.stores import TenantStores

_WORD = re.compile(rb"zq[a-z]{14}")
_PACKED = re.compile(rb"\x78[\x01\x5e\x9c\xda]|\x1f\x8b\x08")
_MOST = 1 << 20


class Words:
    """Words of one tenant, each for one field."""

    def __init__(self, random: Random) -> None:
        self._random = random
        self.planted: dict[str, str] = {}

    def __call__(self, field: str) -> str:
        word = "zq" + "".join(self._random.choices(string.ascii_lowercase, k=14))
        self.planted[field] = word
        return word


def words_in(root: Path) -> dict[str, set[str]]:
    """Return every planted word that stands in a file under a folder, with the places of those files."""
    found = defaultdict(set)
    for path in sorted(each for each in root.rglob("*") if each.is_file()):
        for text in _texts(path):
            for word in _WORD.findall(text.lower()):
                found[word.decode()].add(str(path.relative_to(root)))
    return dict(found)


def words_under_keys(control: ControlPlane, stores: TenantStores) -> set[str]:
    """Return the words in what is sealed: values of the control database, and backups of every tenant."""
    texts = [*_opened_values(control), *_opened_backups(control, stores)]
    return {word.decode() for text in texts for word in _WORD.findall(text.lower())}


def _texts(path: Path) -> Iterator[bytes]:
    """Yield a file's bytes, without the zeros of wide characters too, and whatever they decode to."""
    raw = path.read_bytes()
    yield raw
    yield raw.replace(b"\0", b"")
    yield from _unpacked(raw)
    if raw[:4] == b"PAR1":
        yield from (str(row).encode() for row in pq.read_table(path).to_pylist())
    elif raw[8:12] == b"DUCK":
        yield from _rows_of_duckdb(path)
    elif raw[:15] == b"SQLite format 3":
        yield from _rows_of_sqlite(path)


def _unpacked(raw: bytes) -> Iterator[bytes]:
    """Yield what begins like something packed, wherever it stands: also in pages that are free."""
    if raw[:2] == b"\x1f\x8b":
        with suppress(OSError, EOFError):
            yield gzip.decompress(raw)
    for start in _PACKED.finditer(raw):
        with suppress(zlib.error):
            yield zlib.decompressobj(wbits=47).decompress(raw[start.start() : start.start() + _MOST], _MOST)


def _rows_of_duckdb(path: Path) -> Iterator[bytes]:
    with open_read_only(path) as connection:
        named = "select schema_name, table_name from duckdb_tables()"
        for schema, table in connection.execute(named).fetchall():
            yield from (str(row).encode() for row in connection.table(f'"{schema}"."{table}"').fetchall())


def _rows_of_sqlite(path: Path) -> Iterator[bytes]:
    with closing(sqlite3.connect(f"file:{path}?mode=ro", uri=True)) as connection:
        for (table,) in connection.execute("select name from sqlite_master where type = 'table'"):
            for row in connection.execute(f'select * from "{table}"'):  # noqa: S608 - a name of ours
                yield str(row).encode()
                yield from (text for value in row if isinstance(value, bytes) for text in _unpacked(value))


def _opened_values(control: ControlPlane) -> Iterator[bytes]:
    with control.database.read() as connection:
        owners = {*connection.scalars(sa.select(tenant_keys.c.owner)), PLATFORM}
        for value in _sealed_values(connection):
            for owner in owners:
                with suppress(InvalidTag, ValueError):
                    yield control.encryption.open(connection, owner, value) or b""


def _sealed_values(connection: sa.Connection) -> Iterator[bytes]:
    for table in metadata.sorted_tables:
        columns = [column for column in table.c if isinstance(column.type, sa.LargeBinary)]
        for row in connection.execute(sa.select(*columns)) if columns else ():
            yield from (value for value in row if value)


def _opened_backups(control: ControlPlane, stores: TenantStores) -> Iterator[bytes]:
    """Yield the records of every backup that any present tenant's key opens."""
    backups = Backups(control, stores)
    for path in control.settings.state().rglob("*.backup"):
        for tenant in control.tenants.all():
            with suppress(PlatformError):
                for record in read_sealed(path, backups._key(tenant), tenant.tenant_id):
                    yield record
                    yield from _unpacked(record)


def is_backup(content: bytes) -> bool:
    return content.startswith(MAGIC)


def missing(words: Words, found: Iterable[str]) -> list[str]:
    """Return the fields whose words were not found."""
    there = set(found)
    return sorted(field for field, word in words.planted.items() if word not in there)


def told(found: dict[str, Any], words: Words) -> dict[str, Any]:
    """Return where words of a tenant stand, by field."""
    return {field: sorted(found[word]) for field, word in words.planted.items() if word in found}
