"""Loading with a folder of one's own, a home, or a hub on the loopback server."""

from collections.abc import Mapping, Sequence
from importlib import import_module
from pathlib import Path
from typing import Any

from tests.pinned.file_server import FileServer
from visavis.benchmarks.base import LoadOptions
from visavis.pinned.download import Wire
from visavis.pinned.fetch import Sources
from visavis.pinned.index import Indexes

NOWHERE = "http://127.0.0.1:9"


def options(
    home: Path,
    *,
    data: Path | None = None,
    server: FileServer | None = None,
    notes: list[str] | None = None,
) -> LoadOptions:
    """Without a server nothing can be fetched."""
    return LoadOptions(
        home=home,
        seed=0,
        note=([] if notes is None else notes).append,
        data=data,
        sources=Sources(
            hub=server.url if server else NOWHERE,
            indexes=Indexes(urls=(f"{server.url}/simple",) if server else ()),
            wire=Wire(timeout_s=5.0, pause_s=0.0, tries=1),
        ),
    )


def write_parquet(file: Path, rows: Sequence[Mapping[str, Any]]) -> bytes:
    file.parent.mkdir(parents=True, exist_ok=True)
    table = import_module("pyarrow").Table.from_pylist([{**row} for row in rows])
    import_module("pyarrow.parquet").write_table(table, file)
    return file.read_bytes()
