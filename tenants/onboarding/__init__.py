"""The six first steps of a tenant, each done by the fact itself."""

from tenants.onboarding.steps import Onboarding, Step, onboarding_of

__all__ = ["Onboarding", "Step", "onboarding_of"]
