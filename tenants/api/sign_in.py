"""Signing in by password: at a tenant's host into that tenant, else into wherever the address is known."""

from __future__ import annotations

from ipaddress import ip_network
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from tenants.access.rates import DAY
from tenants.api import pages, problems
from tenants.api.audited import tell_broken_glass, tell_refused_sign_in
from tenants.api.credentials import COOKIE, actor_of
from tenants.errors import RateLimited, Unauthenticated
from tenants.people.passwords import is_password
from tenants.sessions.sessions import LASTS

if TYPE_CHECKING:
    from starlette.requests import Request
    from starlette.responses import Response

    from tenants.access.rates import RateState
    from tenants.api.access import Granted
    from tenants.api.deps import Deps
    from tenants.errors import PlatformError
    from tenants.people.records import User
    from tenants.sso.enforcement import SsoPolicy

_TRIES_A_MINUTE = 10
# At the platform's own host an address can be known in several accounts; few people have more than these.
_CHECKED_AT_ONCE = 3
# Of one place fewer than of all, so that whoever guesses at someone's password does not lock them out.
_TRIES_AN_ADDRESS, _TRIES_OF_ONE_PLACE = 20, 5
# Of one place less than of all, so that who asks in someone's name does not use up what is theirs.
_MAILS_A_DAY, _OF_ONE_PLACE = 15, 5
_MAILS_A_PLACE_AND_DAY = 50  # many people may share one


def sign_in(request: Request, email: str, password: str) -> str:
    """Check the password and return the token of a new session.

    Raises:
        Unauthenticated: Address and password do not fit; which of them is not told.
        RateLimited: There were too many tries for this address or from this place.
        NotFound: The host is unknown.
    """
    deps: Deps = request.app.state.deps
    found = candidates(request, deps, email)
    limit_tries(request, deps, email)
    fitting = [user for user in found if is_password(password, user.password_hash)]
    active = [user for user in fitting if user.status == "active"]
    user = next((user for user in active if not deps.control.enforcement.holds(user)), None)
    if user is None:
        _take_as_long_for_all(request, deps, password, len(found))
        # Whether it was right is not told either: a password may be in use elsewhere.
        tell_refused_sign_in(deps, request, found, "sso_required" if active else "wrong_credentials")
        message = (
            "Address and password do not fit together; try again, ask for a new password or, where your "
            "company has a sign-in of its own, start at its address."
        )
        raise Unauthenticated(message, "wrong_credentials")
    if user.tenant_id is not None and deps.control.enforcement.in_force(user.tenant_id) is not None:
        tell_broken_glass(deps, request, user)
    token, _ = deps.sessions.begin(user, "password", actor_of(request, None))
    return token


def _take_as_long_for_all(request: Request, deps: Deps, password: str, checked: int) -> None:
    """Check no one's password until as many were checked as for everybody else at this host.

    How long a refusal takes would tell whether an address is known, and in how many accounts.
    """
    is_tenants = deps.hosts.find(request.headers.get("host")).tenant_id is not None
    at_once = 1 if is_tenants else _CHECKED_AT_ONCE
    wanted = max(at_once, -(-checked // at_once) * at_once)
    for _ in range(wanted - checked):
        is_password(password, None)


def page(request: Request, to: str, failure: str | None = None) -> str:
    """Return the page, with what was wrong with the last try."""
    policy = _policy(request)
    return pages.render(
        request,
        "sign_in.html",
        title="Sign in",
        to=to,
        failure=failure,
        providers=providers(request),
        is_enforced=policy is not None,
        has_break_glass=policy is not None and policy.break_glass_user_id is not None,
    )


def link_question(request: Request, granted: Granted, action: str) -> Response:
    """Return the page that asks a signed-in person whether to go and link an identity."""
    facts = {"title": "Link your company's sign-in", "name": granted.principal.name, "action": action}
    return pages.answer(request, pages.render(request, "link.html", **facts), leads_to_provider=True)


def refused_page(request: Request, refusal: PlatformError) -> Response:
    """Return the page with why someone was not signed in elsewhere; programs get the refusal itself.

    Raises:
        PlatformError: It was no browser that asked.
    """
    if "text/html" not in request.headers.get("accept", ""):
        raise refusal
    return pages.answer(request, page(request, "", refusal.message), problems.status_of(refusal))


def _policy(request: Request) -> SsoPolicy | None:
    deps: Deps = request.app.state.deps
    tenant_id = deps.hosts.find(request.headers.get("host")).tenant_id
    return None if tenant_id is None else deps.control.enforcement.in_force(tenant_id)


def providers(request: Request) -> list[tuple[str, str]]:
    """Return where the identity providers of the host's tenant are asked, each with what to call it."""
    deps: Deps = request.app.state.deps
    tenant_id = deps.hosts.find(request.headers.get("host")).tenant_id
    if tenant_id is None:
        return []
    kinds = (
        ("/sso/start", "OpenID Connect", deps.control.sso),
        ("/sso/saml/start", "SAML", deps.control.saml),
    )
    found = [(path, name) for path, name, kind in kinds if kind.is_connected(tenant_id)]
    label = "Sign in through your company"
    return [(path, label if len(found) == 1 else f"{label} ({name})") for path, name in found]


def set_session_cookie(request: Request, response: Response, token: str) -> None:
    """Give the browser a session's token, out of reach of scripts and of other sites' forms."""
    response.set_cookie(
        COOKIE,
        token,
        max_age=int(LASTS.total_seconds()),
        httponly=True,
        samesite="lax",
        secure=request.url.scheme == "https",
    )


def safe_target(request: Request, to: str) -> str:
    """Return where to go after signing in: a path of ours, or the dashboards; never another site."""
    deps: Deps = request.app.state.deps
    here = request.url.hostname or deps.settings.base_domain
    try:
        parts = urlsplit(to)
    except ValueError:
        return dashboards(request)
    is_plain = to.isprintable() and not set(to) & {" ", "\\"}
    is_path = is_plain and to.startswith("/") and not to.startswith("//") and not parts.netloc
    is_ours = is_plain and parts.scheme in {"http", "https"} and parts.hostname == here
    return to if is_path or is_ours else dashboards(request)


def dashboards(request: Request) -> str:
    """Return the address of the dashboards at the host that the browser is at.

    They have a port of their own, but over https, where a reverse proxy has joined them with us.

    Raises:
        NotFound: The host is nobody's.
    """
    deps: Deps = request.app.state.deps
    deps.hosts.served(request.headers.get("host"))
    if request.url.scheme == "https":
        return f"https://{request.headers.get('host')}/"
    here = request.url.hostname or deps.settings.base_domain
    return f"http://{here}:{deps.settings.dashboard_port}/"


def candidates(request: Request, deps: Deps, email: str) -> list[User]:
    """Return whom an address can mean at the request's host.

    Raises:
        NotFound: The host is unknown.
    """
    host = deps.hosts.served(request.headers.get("host"))
    if host.tenant_id is None:
        return deps.control.users.anywhere(email)
    found = deps.control.users.by_email(host.tenant_id, email)
    return [] if found is None else [found]


def limit_tries(request: Request, deps: Deps, email: str) -> None:
    """Count a try for an address and from a place.

    Raises:
        RateLimited: There were too many.
    """
    named, place = f"sign-in as {email.strip().lower()}", _place(request)
    tries = [
        (f"sign-in from {place}", _TRIES_A_MINUTE),
        (f"{named} from {place}", _TRIES_OF_ONE_PLACE),
        (named, _TRIES_AN_ADDRESS),
    ]
    _require_within(deps.rates.take(tries))


def has_room_for_mail(request: Request, deps: Deps, email: str) -> bool:
    """Count a mail that someone asks for to an address, whether or not anyone has it.

    Whoever asks is not told which it was: they would learn whose address is known.

    Raises:
        RateLimited: Too many were asked for from this place today.
    """
    _require_within(
        deps.rates.take([(f"mail asked for from {_place(request)}", _MAILS_A_PLACE_AND_DAY)], DAY)
    )
    named = f"mail asked for to {email.strip().lower()}"
    limits = [(f"{named} from {_place(request)}", _OF_ONE_PLACE), (named, _MAILS_A_DAY)]
    return deps.rates.take(limits, DAY).is_within


def limit_place(request: Request, what: str, most: int) -> None:
    """Count what comes from a place.

    Raises:
        RateLimited: There were too many within a minute.
    """
    deps: Deps = request.app.state.deps
    _require_within(deps.rates.take([(f"{what} from {_place(request)}", most)]))


def _place(request: Request) -> str:
    """Return where a request comes from; of IPv6 the network, in which anyone has addresses without end."""
    address = request.client.host if request.client else "unknown"
    try:
        return str(ip_network(f"{address}/64", strict=False)) if ":" in address else address
    except ValueError:
        return address


def _require_within(state: RateState) -> None:
    if not state.is_within:
        message = f"Too many tries; wait {state.reset_seconds} s and try again."
        raise RateLimited(message, "sign_in_limited", retry_after=state.reset_seconds)
