"""The process that runs dbt, so that the lock on the file being built ends with it.

Reads a request as a line of JSON on standard input, writes one JSON object a line on standard output:
`{"node": …}` for each node as it finishes, then `{"done": true}` or `{"error": text}`.
The parsed project is kept between runs: nothing that changes from run to run, the clock and
the as-known-at time above all, takes part in parsing.
"""

from __future__ import annotations

import hashlib
import json
import os
import sys
import threading
from pathlib import Path
from typing import IO, Any

from dbt.adapters.duckdb.connections import DuckDBConnectionManager
from dbt.cli.main import dbtRunner
from dbt.contracts.graph.manifest import Manifest
from dbt.parser.manifest import extended_mashumuro_decoder
from dbt.version import __version__ as dbt_version
from filelock import FileLock

CHANGES_EACH_RUN = ("now", "as_known_at")
QUIET = [
    "--quiet",
    "--log-level",
    "none",
    "--log-level-file",
    "info",
    "--no-version-check",
    "--no-use-colors",
]


def parse_key(project: Path, variables: dict[str, Any]) -> str:
    """Return a hash of all that parsing depends on."""
    database = Path(os.environ["LOKI_BUILD_PATH"]).stem
    digest = hashlib.sha256(f"{dbt_version} {os.environ['LOKI_LANDING_ROOT']} {database}".encode())
    settled = {name: value for name, value in variables.items() if name not in CHANGES_EACH_RUN}
    digest.update(json.dumps(settled, sort_keys=True).encode())
    for path in sorted(project.rglob("*")):
        if path.suffix in {".sql", ".yml", ".yaml", ".csv", ".md"}:
            digest.update(str(path.relative_to(project)).encode() + b"\0" + path.read_bytes())
    return digest.hexdigest()


def kept_manifest(project: Path, target: Path, variables: dict[str, Any], common: list[str]) -> Manifest:
    """Return the parsed project, from the last run where nothing changed since.

    Raises:
        RuntimeError: The project does not parse.
    """
    parsed, key_file = target / "partial_parse.msgpack", target / "parse.key"
    key = parse_key(project, variables)
    if parsed.exists() and key_file.exists() and key_file.read_text() == key:
        manifest: Manifest = Manifest.from_msgpack(parsed.read_bytes(), decoder=extended_mashumuro_decoder)
        manifest.build_flat_graph()  # type: ignore[no-untyped-call]
        return manifest
    key_file.unlink(missing_ok=True)
    answer: Any = dbtRunner().invoke(["parse", *common])
    if not answer.success:
        message = f"the dbt project does not parse: {answer.exception}"
        raise RuntimeError(message)
    key_file.write_text(key)
    parsed_now: Manifest = answer.result
    return parsed_now


def node_line(result: Any) -> dict[str, Any]:  # noqa: ANN401 - dbt ships no types
    """Return what is worth knowing of one finished node."""
    node = result.node
    return {
        "id": node.unique_id,
        "name": node.name,
        "type": str(node.resource_type),
        "status": str(result.status),
        "message": result.message,
        "failures": result.failures,
        "seconds": round(result.execution_time, 3),
        "compiled": getattr(node, "compiled_path", None),
        "depends_on": list(getattr(node.depends_on, "nodes", ())),
    }


def run_variant(request: dict[str, Any], variant: dict[str, Any], out: IO[str]) -> None:
    """Build and test one variant of the project."""
    project, target = Path(request["project"]), Path(variant["target"])
    target.mkdir(parents=True, exist_ok=True)
    common = [
        *QUIET,
        *("--project-dir", str(project), "--profiles-dir", str(project), "--target-path", str(target)),
        *("--log-path", request["logs"], "--vars", json.dumps(variant["vars"])),
    ]
    with FileLock(target / "parse.lock"):  # Dagster's processes may parse at the same time
        manifest = kept_manifest(project, target, variant["vars"], common)
    if request["command"] == "parse":
        return
    selection = [part for name in variant["select"] for part in ("--select", name)]

    def report(event: Any) -> None:  # noqa: ANN401 - dbt ships no types
        if event.info.name == "NodeFinished":
            out.write(json.dumps({"finished": event.data.node_info.node_name}) + "\n")
            out.flush()

    # Unit tests check the SQL, not the data: the test run does that, not every refresh.
    arguments = ["build", *common, *selection, "--exclude-resource-type", "unit_test"]
    answer: Any = dbtRunner(manifest=manifest, callbacks=[report]).invoke(arguments)
    # The steps kept in memory go with the connection to them.
    DuckDBConnectionManager.close_all_connections()  # type: ignore[no-untyped-call]
    if answer.exception is not None:
        raise RuntimeError(str(answer.exception))
    for result in answer.result.results:
        out.write(json.dumps({"node": {"policy": variant["policy"], **node_line(result)}}) + "\n")


def _stop_with_parent() -> None:
    """End at once when the parent has: nobody else may find the file being built open."""
    while os.read(0, 1):
        pass
    os._exit(1)


def main() -> None:
    """Answer one request."""
    out = os.fdopen(os.dup(1), "w")
    os.dup2(2, 1)  # whatever dbt prints itself goes to standard error
    request = json.loads(sys.stdin.readline())
    threading.Thread(target=_stop_with_parent, daemon=True).start()
    try:
        for variant in request["variants"]:
            run_variant(request, variant, out)
    except Exception as error:  # noqa: BLE001 - any failure is told to the parent
        out.write(json.dumps({"error": str(error)}) + "\n")
    else:
        out.write(json.dumps({"done": True}) + "\n")
    out.flush()


if __name__ == "__main__":
    main()
