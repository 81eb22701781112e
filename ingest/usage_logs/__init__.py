"""Usage log files of a folder as a source: NDJSON, CSV, Parquet and CloudEvents."""
