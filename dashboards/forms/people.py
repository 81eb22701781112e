"""Choosing one of several people, for the pages on which they are changed."""

from __future__ import annotations

from typing import TYPE_CHECKING

import streamlit as st

if TYPE_CHECKING:
    from collections.abc import Iterable

    from tenants.people.records import User


def choose(users: Iterable[User], placeholder: str, key: str) -> User | None:
    """Return the person chosen from a list; none until one is."""
    people = {user.user_id: user for user in users}
    chosen = st.selectbox(
        "Person",
        people,
        format_func=lambda user_id: f"{people[user_id].name} ({people[user_id].email})",
        index=None,
        placeholder=placeholder,
        key=key,
    )
    return people.get(chosen) if chosen else None
