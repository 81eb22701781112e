"""A local server that speaks Stripe's API, for the demo, development and tests."""

from orchestration.demo.sandbox.sandbox import Sandbox

__all__ = ["Sandbox"]
