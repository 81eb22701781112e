"""Where a statement's margin becomes a yes: chosen on sentences left out, so that 1 is the bound for all."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from validation_engine.learned.said import FORBIDDEN

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from validation_engine.learned.ridge import Fit

# The greatest of so many stretches decides for a document.
_STRETCHES = 60
_STEPS = np.arange(0.12, 0.8, 0.01)
# A sentence of the document misread costs as much as a statement missed; a near miss misread half of that.
_NEAR = 0.5
# Of near misses of a forbidden claim so many stay below its bound; what comes closest in documents without
# it stays so many deviations above the median, reckoned without the few that come closest of all.
_BELOW, _DEVIATIONS, _ORDINARY = 0.95, 3.5, 0.97
# Fewer near misses or documents tell nothing. A bound is not lower than that, nor found without any.
_FEWEST, _LOWEST, _USUAL = 5, 0.15, 0.35


class Roles(NamedTuple):
    """What texts are.

    Attributes:
        statements: The statement that each makes or nearly makes; None for ballast.
        made: Whether it makes it.
        documents: The number of the document that each was taken from; -1 where from none.
    """

    statements: NDArray[np.object_]
    made: NDArray[np.bool_]
    documents: NDArray[np.int_]


def bounds(fit: Fit, roles: Roles) -> NDArray[np.float64]:
    """Return each statement's bound among the margins of texts left out."""
    claims = np.array([name.endswith(f"/{FORBIDDEN}") for name in fit.names], dtype=bool)
    found = np.array(
        [
            (_claim_bound if is_claim else _bound)(fit.left_out[:, at], name, roles)
            for at, (name, is_claim) in enumerate(zip(fit.names, claims, strict=True))
        ]
    )
    # What a claim's few documents tell is drawn half way to what is usual.
    found[claims] = (found[claims] + found[claims].sum() / max(claims.sum(), 1)) / 2
    return found


def _bound(margins: NDArray[np.float64], name: str, roles: Roles) -> float:
    own = roles.statements == name
    yes, near = margins[own & roles.made], margins[own & ~roles.made]
    others = margins[(roles.statements == None) & ~np.isnan(margins)]  # noqa: E711 - elementwise
    greatest = others[: len(others) // _STRETCHES * _STRETCHES].reshape(-1, _STRETCHES).max(1)
    gain = [(yes >= step).mean() - (greatest >= step).mean() - _NEAR * _part(near >= step) for step in _STEPS]
    return float(_STEPS[int(np.argmax(gain))])


def _claim_bound(margins: NDArray[np.float64], name: str, roles: Roles) -> float:
    near = margins[(roles.statements == name) & ~roles.made]
    told = (roles.documents >= 0) & ~np.isnan(margins)
    closest = np.full(roles.documents.max(initial=-1) + 1, -np.inf)
    np.maximum.at(closest, roles.documents[told], margins[told])
    closest = closest[np.isfinite(closest)]
    found = []
    if len(near) >= _FEWEST:
        found.append(float(np.quantile(near, _BELOW)))
    if len(closest) >= _FEWEST:
        ordinary = closest[closest <= np.quantile(closest, _ORDINARY)]
        found.append(float(np.median(closest) + _DEVIATIONS * ordinary.std()))
    return max(sum(found) / len(found), _LOWEST) if found else _USUAL


def _part(chosen: NDArray[np.bool_]) -> float:
    return float(chosen.mean()) if len(chosen) else 0.0
