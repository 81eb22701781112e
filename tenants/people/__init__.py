"""Users of tenants and staff of the platform: roles, permissions, passwords, one-time tokens."""
