"""What runs when: the main job, the Dagster definitions and the `loki` command."""
