"""A sign-in under way at an identity provider, kept in a signed cookie of the browser that began it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Literal

from tenants.errors import Unauthenticated
from tenants.secret import platform_secret

if TYPE_CHECKING:
    from itsdangerous import URLSafeTimedSerializer
    from starlette.requests import Request
    from starlette.responses import Response

LASTS_SECONDS = 600


@dataclass(frozen=True, slots=True)
class AttemptCookie:
    """The cookie of one protocol.

    Attributes:
        name: Its name, which also keeps the cookies of different protocols apart.
        path: Where it is sent to.
        comes_with_posts: Whether it must come along with a form that another site's page posts. Browsers
            keep such a cookie only where the connection is encrypted, or to the machine itself.
    """

    name: str
    path: str
    comes_with_posts: bool = False

    def keep(self, request: Request, response: Response, facts: dict[str, Any]) -> None:
        """Give the browser the facts of a new attempt, in place of those of an earlier one."""
        response.set_cookie(
            self.name,
            self._signer(request).dumps(facts),
            LASTS_SECONDS,
            path=self.path,
            secure=self.comes_with_posts or request.url.scheme == "https",
            httponly=True,
            samesite=self._same_site,
        )

    def kept(self, request: Request) -> dict[str, Any]:
        """Return the facts of the browser's attempt.

        Raises:
            Unauthenticated: It has none, or began it too long ago.
        """
        from itsdangerous import BadSignature  # noqa: PLC0415 - start-up time

        text = request.cookies.get(self.name, "")
        try:
            facts: dict[str, Any] = self._signer(request).loads(text, max_age=LASTS_SECONDS)
        except BadSignature as error:
            raise stray() from error
        return facts

    def forget(self, response: Response) -> None:
        """Take the cookie away; browsers let a secure one be taken away by a secure one only."""
        response.delete_cookie(
            self.name,
            path=self.path,
            secure=self.comes_with_posts,
            httponly=True,
            samesite=self._same_site,
        )

    @property
    def _same_site(self) -> Literal["none", "lax"]:
        return "none" if self.comes_with_posts else "lax"

    def _signer(self, request: Request) -> URLSafeTimedSerializer:
        from itsdangerous import URLSafeTimedSerializer  # noqa: PLC0415 - start-up time

        secret = platform_secret(request.app.state.deps.settings, "sso-cookie")
        return URLSafeTimedSerializer(secret, salt=self.name.encode())


def stray() -> Unauthenticated:
    """Return the refusal of what no attempt of this browser led to."""
    message = "This sign-in was not started in this browser, or took too long; start again."
    return Unauthenticated(message, "sso_refused")
