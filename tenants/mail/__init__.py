"""E-mail to people of tenants: kept in an outbox with what it tells of, sent once over SMTP."""

from tenants.mail.outbox import Mail, MailOutbox

__all__ = ["Mail", "MailOutbox"]
