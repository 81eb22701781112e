"""Seeded lives of tenants: sign-ups, upgrades, failed cards and farewells, lived on the Stripe sandbox."""

from orchestration.demo.lives.life import Life
from orchestration.demo.lives.world import Step, World, populate

__all__ = ["Life", "Step", "World", "populate"]
