"""Garbage collection on a timer, because the forced one after each rerun is switched off.

What is alive once the process has started stays alive, so it is frozen out of the
collector's sight; what reruns leave behind in cycles is collected twice a minute.
"""

from __future__ import annotations

import gc
import threading

import streamlit as st

_SECONDS = 30.0


@st.cache_resource(show_spinner=False)
def collect_on_a_timer() -> threading.Thread:
    """Start the collector once for the process and return its thread."""
    gc.collect()
    gc.freeze()
    thread = threading.Thread(target=_collect_for_ever, name="timed-collection", daemon=True)
    thread.start()
    return thread


def _collect_for_ever() -> None:
    pause = threading.Event()
    while not pause.wait(_SECONDS):
        gc.collect()
