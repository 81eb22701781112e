"""All tenants' stores: made, migrated and removed one by one, a bounded number of them open."""

from __future__ import annotations

import threading
from collections import OrderedDict
from contextlib import closing, contextmanager
from typing import TYPE_CHECKING

from tenants.databases.group_commit import GroupCommit
from tenants.errors import NotFound, PlatformError, Unavailable
from tenants.secret import platform_secret
from tenants.stores.layouts import choose_layout
from tenants.stores.migrations import current_step, migrate
from tenants.stores.store import OpenStore, TenantStore

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from tenants.clock import Clock
    from tenants.databases.connection import Database
    from tenants.settings import PlatformSettings
    from tenants.stores.layouts import Layout


class TenantStores:
    """Opens stores by tenant; thousands may exist, few are open at a time.

    Args:
        settings: Where and how tenants are kept apart.
        clock: The present.
        layout: Another layout than the settings name.
    """

    def __init__(self, settings: PlatformSettings, clock: Clock, layout: Layout | None = None) -> None:
        self.layout = layout or choose_layout(settings)
        self.clock = clock
        self._secret = platform_secret(settings, "usage-keys")
        self._pool = _Pool(self.layout)

    def create(self, tenant_id: str, region: str = "local") -> TenantStore:
        """Make a tenant's store; where it exists it is only brought up to date."""
        self.layout.create(tenant_id, region)
        with self._pool.lease(tenant_id):
            return self.open(tenant_id)

    def open(self, tenant_id: str) -> TenantStore:
        """Return the tenant's store, at the newest version of its schema.

        Raises:
            NotFound: The tenant has no store.
        """
        if not self._pool.holds(tenant_id) and not self.layout.exists(tenant_id):
            message = "There is no such tenant; check the id."
            raise NotFound(message, "tenant_not_found")
        return TenantStore(tenant_id, self._pool.lease, self._secret)

    @contextmanager
    def leased(self, tenant_id: str) -> Iterator[Database]:
        """Enter a block in which the tenant's database stays open, for work on the store as a whole.

        Raises:
            NotFound: The tenant has no store.
        """
        self.open(tenant_id)
        with self._pool.lease(tenant_id) as store:
            yield store.database

    def tenant_ids(self) -> list[str]:
        """Return every tenant that has a store, in order."""
        return self.layout.tenant_ids()

    def drop(self, tenant_id: str) -> None:
        """Remove a tenant's store with all that is in it."""
        self._pool.close(tenant_id)
        self.layout.drop(tenant_id)

    def migrate(self, tell: Callable[[int, int], None] | None = None) -> dict[str, Exception | int]:
        """Bring every store up to date; return the steps done, or what stopped it, by tenant.

        One store's failure stops no other; running it again takes up what failed.

        Args:
            tell: Told how many stores of how many are looked at.
        """
        outcomes: dict[str, Exception | int] = {}
        tenant_ids = self.tenant_ids()
        for number, tenant_id in enumerate(tenant_ids, 1):
            outcomes[tenant_id] = self._migrated(tenant_id)
            if tell is not None:
                tell(number, len(tenant_ids))
        return outcomes

    def steps(self) -> dict[str, Exception | int]:
        """Return the newest step of the schema that each store has, or what hinders the look, by tenant.

        Nothing is migrated.
        """
        return {tenant_id: self._step(tenant_id) for tenant_id in self.tenant_ids()}

    def begin_anew(self, tenant_id: str, region: str) -> None:
        """Put an empty store in the place of one that is lost or damaged, which is kept beside it.

        Processes that have the old one open have to be started again.
        """
        self._pool.close(tenant_id)
        self.layout.set_aside(tenant_id)
        self.create(tenant_id, region)

    def close(self) -> None:
        """Close what is open."""
        self._pool.close_all()

    def _step(self, tenant_id: str) -> Exception | int:
        try:
            with closing(self.layout.open(tenant_id)) as database, database.read() as connection:
                return current_step(connection)
        except Exception as error:  # noqa: BLE001 - reported by tenant, whatever it is
            return error

    def _migrated(self, tenant_id: str) -> Exception | int:
        was_open = self._pool.holds(tenant_id)
        try:
            with self._pool.lease(tenant_id) as store:
                return 0 if was_open else store.steps_done
        except Exception as error:  # noqa: BLE001 - reported by tenant, whatever it is
            return error


class _Pool:
    """The open stores, least recently used first; one in use is never closed."""

    def __init__(self, layout: Layout) -> None:
        self._layout = layout
        self._open: OrderedDict[str, OpenStore] = OrderedDict()
        self._users: dict[str, int] = {}
        self._changing = threading.Lock()

    def holds(self, tenant_id: str) -> bool:
        return tenant_id in self._open

    @contextmanager
    def lease(self, tenant_id: str) -> Iterator[OpenStore]:
        store = self._take(tenant_id)
        try:
            yield store
        finally:
            self._give_back(tenant_id)

    def close(self, tenant_id: str) -> None:
        with self._changing:
            store = self._open.pop(tenant_id, None)
        if store is not None:
            store.database.close()

    def close_all(self) -> None:
        for tenant_id in list(self._open):
            self.close(tenant_id)

    def _take(self, tenant_id: str) -> OpenStore:
        with self._changing:
            store = self._open.get(tenant_id)
            if store is None:
                self._close_idle()
                store = self._open[tenant_id] = _opened(self._layout, tenant_id)
            self._open.move_to_end(tenant_id)
            self._users[tenant_id] = self._users.get(tenant_id, 0) + 1
            return store

    def _give_back(self, tenant_id: str) -> None:
        with self._changing:
            users = self._users.pop(tenant_id) - 1
            if users:
                self._users[tenant_id] = users

    def _close_idle(self) -> None:
        for tenant_id in list(self._open):
            if len(self._open) < self._layout.most_open:
                return
            if tenant_id not in self._users:
                self._open.pop(tenant_id).database.close()


def _opened(layout: Layout, tenant_id: str) -> OpenStore:
    """Open a tenant's store and bring it up to date.

    Raises:
        Unavailable: It is damaged, or its migration failed; whoever works through all tenants goes on.
    """
    try:
        database = layout.open(tenant_id)
        try:
            steps_done = migrate(database)
        except BaseException:
            database.close()
            raise
    except PlatformError:
        raise
    except Exception as error:
        told = (str(error) or type(error).__name__).splitlines()[0]
        message = (
            f"The store of {tenant_id} cannot be opened ({told}); mend the cause, or put a backup in its "
            "place with `loki restore`."
        )
        raise Unavailable(message, "store_damaged") from error
    return OpenStore(database, GroupCommit(database.write), steps_done)
