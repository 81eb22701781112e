"""How likely what is: the tempers of two worlds, the lively one and the steady one of the seed mix."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from orchestration.demo.lives import acts, troubles

if TYPE_CHECKING:
    from orchestration.demo.lives.acts import Act
    from orchestration.demo.lives.life import Json, Life
    from orchestration.demo.lives.world import World

# How many in a thousand customers do it in a month.
LIVELY: tuple[tuple[int, Act], ...] = (
    (28, acts.upgrade),
    (10, acts.downgrade),
    (40, acts.change_seats),
    (10, acts.add_archive),
    (16, acts.use_over_quota),
    (12, acts.take_coupon),
    (26, troubles.card_trouble),
    (8, acts.pause),
    (14, acts.cancel_at_end),
    (6, acts.cancel_now),
    (9, acts.go_annual),
    (6, acts.plan_ahead),
    (5, troubles.get_refund),
    (5, troubles.get_credit_note),
    (2, troubles.dispute),
    (5, troubles.one_off),
)


@dataclass(frozen=True)
class Habits:
    """Shares between 0 and 1.

    Attributes:
        monthly: What may happen in a month, with its weight in a thousand.
        card_at_sign_up: Of those on trial, who leave a card at once.
        conversion: Of the others, who leave one before the trial ends.
        pause_after_trial: Whose subscription is paused, not canceled, when the trial ends without a card.
        retry_helps: Of refused cards, which work again at a retry.
        card_is_replaced: Up to here, which are replaced; the rest is lost.
        stays_after_all: Of those who give notice, who take it back.
        returns: Of those who left, who return.
        second_currency: Who pays in the second currency.
        strangers: Customers for each tenant who are no tenants of ours.
    """

    monthly: tuple[tuple[int, Act], ...] = LIVELY
    card_at_sign_up: float = 0.35
    conversion: float = 0.6
    pause_after_trial: float = 0.3
    retry_helps: float = 0.5
    card_is_replaced: float = 0.72
    stays_after_all: float = 0.25
    returns: float = 0.45
    second_currency: float = 0.22
    strangers: float = 0.03
    intervals: dict[str, float] = field(
        default_factory=lambda: {"month": 0.78, "quarter": 0.07, "year": 0.15}
    )
    is_plain: bool = False

    def extras(self, world: World, life: Life) -> Json:
        """Return what some add when they sign up: a coupon, a code, tax."""
        if self.is_plain:
            return {}
        chance = life.rng.random()
        form: Json = {}
        if chance < 0.06:  # noqa: PLR2004 - a share, told by its line
            form["discounts"] = [{"promotion_code": world.shop.promotion}]
        elif chance < 0.12:  # noqa: PLR2004 - a share, told by its line
            form["discounts"] = [
                {"coupon": world.shop.coupons[life.rng.choice(("loyal", "once", "welcome"))]}
            ]
        if life.currency == "GBP" and life.rng.random() < 0.3:  # noqa: PLR2004 - a share, told by its line
            form["default_tax_rates"] = [world.shop.vat]
        return form


STEADY = Habits(
    monthly=(),
    card_at_sign_up=1.0,
    second_currency=0.0,
    strangers=0.0,
    intervals={"month": 1.0},
    is_plain=True,
)
