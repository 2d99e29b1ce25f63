"""A hub on the loopback server: its list of a commit's files, and the files."""

import hashlib
import json
from collections.abc import Mapping
from urllib.parse import quote

from tests.pinned.file_server import FileServer

COMMIT = "c" * 40


def add_repo(
    server: FileServer,
    repo: str,
    files: Mapping[str, bytes],
    *,
    small: bool = False,
    stated: Mapping[str, bytes] | None = None,
) -> None:
    """`files` at `COMMIT`, listed as LFS objects or, when `small`, as git's own.

    `stated` is what the list says that the files hold, where it is not the truth.
    """
    folders: dict[str, list[dict[str, object]]] = {}
    for path, content in files.items():
        server.files[f"/{repo}/resolve/{COMMIT}/{quote(path)}"] = content
        folder = path.rpartition("/")[0]
        entries = folders.setdefault(folder, [{"type": "directory", "path": f"{folder}/more"}])
        entries.append(_entry(path, (stated or files)[path], small=small))
    for folder, entries in folders.items():
        page = f"/api/{repo}/tree/{COMMIT}" + (f"/{quote(folder)}" if folder else "")
        server.files[page] = json.dumps(entries).encode()
        server.types[page] = "application/json"


def _entry(path: str, content: bytes, *, small: bool) -> dict[str, object]:
    blob = hashlib.sha1(b"blob %d\0" % len(content) + content).hexdigest()
    entry: dict[str, object] = {"type": "file", "path": path, "oid": blob, "size": len(content)}
    if not small:
        digest = hashlib.sha256(content).hexdigest()
        entry["lfs"] = {"oid": digest, "size": len(content), "pointerSize": 132}
    return entry
