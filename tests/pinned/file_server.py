"""A loopback server of files, with the faults that a download meets, and a package index."""

import hashlib
import io
import json
import time
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread

JSON = "application/vnd.pypi.simple.v1+json"


class FileServer:
    """Files by path. Faults are set by a test, and hold for all files."""

    def __init__(self, url: str) -> None:
        self.url = url
        self.files: dict[str, bytes] = {}
        self.types: dict[str, str] = {}
        self.ranges = True
        self.etags = True
        self.lengths = True
        self.cut_after: list[int] = []
        """Bytes after which the next answers break off, one after another."""
        self.stall_s = 0.0
        """How long the server thinks before it answers."""
        self.status: list[int] = []
        """Statuses of the next answers, instead of files."""
        self.asked: list[tuple[str, str | None]] = []
        """Path and `Range` of every request."""
        self.keys: list[str | None] = []
        """`Authorization` of every request."""

    def add_wheel(
        self, name: str, version: str, members: dict[str, bytes], *, html: bool = False
    ) -> str:
        """A wheel, and the page of the index that offers it. The path of the wheel."""
        path = f"/files/{name.replace('-', '_')}-{version}-py3-none-any.whl"
        self.files[path] = wheel = archive(members)
        digest = hashlib.sha256(wheel).hexdigest()
        page = f"/simple/{name}/"
        if html:
            self.files[page] = f'<a href="../..{path}#sha256={digest}">wheel</a>'.encode()
            self.types[page] = "text/html"
        else:
            offer = {"url": f"../..{path}", "hashes": {"sha256": digest}, "size": len(wheel)}
            self.files[page] = json.dumps({"files": [offer]}).encode()
            self.types[page] = JSON
        return path


def archive(members: dict[str, bytes]) -> bytes:
    """A zip archive."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as file:
        for name, content in members.items():
            file.writestr(name, content)
    return buffer.getvalue()


@contextmanager
def serving() -> Iterator[FileServer]:
    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            _answer(self, server)

        def log_message(self, format: str, *args: object) -> None:
            pass

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as listening:
        listening.daemon_threads = False  # so that closing waits for their sockets
        server = FileServer(f"http://127.0.0.1:{listening.server_port}")
        thread = Thread(target=listening.serve_forever, kwargs={"poll_interval": 0.01})
        thread.start()
        yield server
        listening.shutdown()
        thread.join()


def _answer(to: BaseHTTPRequestHandler, server: FileServer) -> None:
    time.sleep(server.stall_s)
    wanted = to.headers.get("Range")
    server.asked.append((to.path, wanted))
    server.keys.append(to.headers.get("Authorization"))
    content = server.files.get(to.path)
    status = server.status.pop(0) if server.status else 200
    if status != 200 or content is None:
        to.send_error(404 if status == 200 else status)
        return
    etag = f'"{hashlib.sha256(content).hexdigest()[:16]}"'
    start = 0
    if wanted and server.ranges and to.headers.get("If-Range", etag) == etag:
        start = int(wanted.removeprefix("bytes=").removesuffix("-"))
        if start >= len(content):
            to.send_error(416)
            return
    to.send_response(206 if start else 200)
    if start:
        to.send_header("Content-Range", f"bytes {start}-{len(content) - 1}/{len(content)}")
    if server.lengths:
        to.send_header("Content-Length", str(len(content) - start))
    if server.etags:
        to.send_header("ETag", etag)
    to.send_header("Content-Type", server.types.get(to.path, "application/octet-stream"))
    to.end_headers()
    body = content[start:]
    with suppress(ConnectionError):  # the other side may have had enough
        to.wfile.write(body[: server.cut_after.pop(0)] if server.cut_after else body)
