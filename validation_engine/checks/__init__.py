"""Typed checks that gates name where patterns are not enough; importing `load_all` registers them."""
