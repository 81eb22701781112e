"""Where a statement's margin becomes a yes: chosen on sentences left out, so that 1 is the bound for all."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from validation_engine.learned.ridge import Fit

# The greatest of so many stretches decides for a document.
_STRETCHES = 60
_STEPS = np.arange(0.12, 0.8, 0.01)
# A sentence of the document misread costs as much as a statement missed; a near miss misread half of that.
_NEAR = 0.5


class Roles(NamedTuple):
    """For each text, the statement that it makes or nearly makes (none: ballast), and whether it does."""

    statements: Sequence[str | None]
    made: Sequence[bool]


def bounded(fit: Fit, roles: Roles) -> Fit:
    """Return the weights with each statement's bound at a margin of 1."""
    bounds = np.array([_bound(fit.left_out[:, at], name, roles) for at, name in enumerate(fit.names)])
    return fit._replace(weights=fit.weights / bounds, left_out=fit.left_out / bounds)


def _bound(margins: NDArray[np.float64], name: str, roles: Roles) -> float:
    statements, made = np.array(roles.statements, dtype=object), np.array(roles.made)
    own = statements == name
    yes, near = margins[own & made], margins[own & ~made]
    others = margins[(statements == None) & ~np.isnan(margins)]  # noqa: E711 - elementwise
    greatest = others[: len(others) // _STRETCHES * _STRETCHES].reshape(-1, _STRETCHES).max(1)
    gain = [(yes >= step).mean() - (greatest >= step).mean() - _NEAR * _part(near >= step) for step in _STEPS]
    return float(_STEPS[int(np.argmax(gain))])


def _part(chosen: NDArray[np.bool_]) -> float:
    return float(chosen.mean()) if len(chosen) else 0.0
