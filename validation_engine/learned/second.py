"""The second reading of one document's stretches: what the network hears in them, each heard once."""

from __future__ import annotations

from typing import TYPE_CHECKING

from validation_engine.learned.windows import words_in

if TYPE_CHECKING:
    from collections.abc import Sequence

    from validation_engine.documents.model import Document
    from validation_engine.learned.network import Network, Sums
    from validation_engine.learned.windows import Stretch


class SecondReading:
    """What a network hears in a document; nothing where there is no network.

    Args:
        network: What hears.
        document: Where.
    """

    def __init__(self, network: Network | None, document: Document) -> None:
        self._network, self._document = network, document
        self._units: dict[Stretch, Sums] = {}
        self._heard: dict[tuple[Stretch, ...], list[float]] = {}

    def most(self, name: str) -> float:
        """Return the most that a stretch can be worth for a statement."""
        at = self._network.place(name) if self._network else None
        return self._network.most[at] if self._network and at is not None else 0.0

    def margin(self, window: Sequence[Stretch], name: str) -> float:
        """Return what a stretch is worth for a statement, from 0 to `most`."""
        at = self._network.place(name) if self._network else None
        return self._margins(self._network, tuple(window))[at] if self._network and at is not None else 0.0

    def _margins(self, network: Network, window: tuple[Stretch, ...]) -> list[float]:
        if window not in self._heard:
            self._heard[window] = network.margins([self._of(network, one) for one in window])
        return self._heard[window]

    def _of(self, network: Network, stretch: Stretch) -> Sums:
        """Return the units at the words of a stretch, heard with the word before it and the one after."""
        if stretch not in self._units:
            sentence, start, end = stretch
            first = max(start - 1, 0)
            words = [word for _, word in words_in(self._document, sentence)[first : end + 1]]
            self._units[stretch] = network.units(words)[start - first :][: end - start]
        return self._units[stretch]
