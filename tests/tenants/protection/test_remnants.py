"""What tells of a tenant in rows that are not its own."""

from __future__ import annotations

from typing import TYPE_CHECKING

import sqlalchemy as sa

from tenants.control.tables import billing_facts, idempotency_keys, webhook_inbox
from tenants.protection.remnants import forget_answers, forget_sent
from tests.tenants import factories as make

if TYPE_CHECKING:
    from tenants.control import ControlPlane


def test_events_and_facts_that_name_a_forgotten_id_go_and_the_others_stay(control: ControlPlane) -> None:
    def work(connection: sa.Connection) -> int:
        for number, body in enumerate([b'{"customer":"cus_Gone1"}', b'{"customer":"cus_Gone12"}'] * 600):
            event = {"event_id": f"evt_{number}", "event_type": "x", "payload": body, "attempts": 0}
            connection.execute(
                sa.insert(webhook_inbox).values(**event, created_at=make.NOW, received_at=make.NOW)
            )
        fact = {"object_type": "charge", "customer_id": "cus_1", "fact_at": 1}
        for object_id, body in (("ch_1", b'{"charge":"cus_Gone1"}'), ("ch_2", b"{}")):
            connection.execute(sa.insert(billing_facts).values(**fact, object_id=object_id, body=body))
        return forget_sent(connection, lambda each: each == "cus_Gone1")

    assert control.database.write(work) == 601
    with control.database.read() as connection:
        assert set(connection.scalars(sa.select(webhook_inbox.c.payload))) == {b'{"customer":"cus_Gone12"}'}
        assert list(connection.scalars(sa.select(billing_facts.c.object_id))) == ["ch_2"]


def test_what_staff_were_answered_about_a_tenant_goes_and_their_other_answers_stay(
    control: ControlPlane,
) -> None:
    def work(connection: sa.Connection) -> None:
        for key, answer in (("made", b'{"tenant_id":"ten_gone","name":"Acme"}'), ("else", b"{}")):
            sealed = control.encryption.seal(connection, "staff_1", answer, make.NOW)
            row = {"owner": "staff_1", "idempotency_key": key, "request_hash": "h", "status_code": 201}
            insertion = sa.insert(idempotency_keys).values(**row, response=sealed, created_at=make.NOW)
            connection.execute(insertion)
        forget_answers(connection, control.encryption, "ten_gone")

    control.database.write(work)
    with control.database.read() as connection:
        assert list(connection.scalars(sa.select(idempotency_keys.c.idempotency_key))) == ["else"]
