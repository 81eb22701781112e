"""Typed checks that gates name where patterns are not enough; `registry.load_all()` registers them."""
