"""Checks on invoices: what they must show, their arithmetic, their VAT."""
