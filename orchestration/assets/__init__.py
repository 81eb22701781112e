"""Dagster's view of the main job: thin assets around the steps of `orchestration.refresh`."""
