"""What every test shares."""

from __future__ import annotations

from collections import Counter

import pytest
from hypothesis import settings

# How long one example takes is the machine's affair: a busy one fails nothing.
settings.register_profile("untimed", deadline=None)
settings.load_profile("untimed")


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Let the files that take long start first, then those of many tests: at the end one core would idle."""
    tests = Counter(item.path for item in items)
    items.sort(key=lambda item: (item.get_closest_marker("early") is None, -tests[item.path]))
