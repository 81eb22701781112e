"""What protects a tenant's data: backup and restore, export, retention, erasure."""
