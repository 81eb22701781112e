"""What people fill in: each form changes one thing through the services that the API uses."""
