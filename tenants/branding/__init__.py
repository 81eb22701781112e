"""White label: the look that a tenant gives its pages and mails."""

from tenants.branding.brandings import Branding, Brandings

__all__ = ["Branding", "Brandings"]
