"""Transactions on SQLite and PostgreSQL: exclusive writers, group commit, statements in one spelling."""
