"""A hub on the loopback interface: the part of Hugging Face's protocol that a download uses."""

import hashlib
import json
import re
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

REVISION = "c0ffee" + "0" * 34
TOKEN = "hf_testtesttesttest"  # noqa: S105


class Hub:
    """What the server offers and how it misbehaves.

    Attributes:
        cut: file name -> bytes after which its next transfer is cut off once.
        hold: file name -> event that must be set before the second half of its transfer is sent.
        gated: asks for `TOKEN`.
        lies: file name -> size that the listing claims.
        spoiled: names of files whose next transfer has a flipped byte.
        requests: what was asked, as (method, path, range).
    """

    def __init__(self, identifier: str, folder: Path) -> None:
        self.identifier, self.folder = identifier, folder
        self.cut: dict[str, int] = {}
        self.hold: dict[str, threading.Event] = {}
        self.reached = threading.Event()
        self.gated = False
        self.lies: dict[str, int] = {}
        self.spoiled: set[str] = set()
        self.extra: list[str] = []
        self.requests: list[tuple[str, str, str | None]] = []

    def listing(self) -> dict[str, Any]:
        """Describe the repository as the hub's API does."""
        siblings: list[dict[str, Any]] = []
        for path in sorted(self.folder.iterdir()):
            entry: dict[str, Any] = {"rfilename": path.name, "size": self.lies.get(path.name, path.stat().st_size)}
            if path.suffix == ".safetensors":
                sha256 = hashlib.sha256(path.read_bytes()).hexdigest()
                entry["lfs"] = {"sha256": sha256, "size": entry["size"], "pointerSize": 134}
            else:
                content = path.read_bytes()
                entry["blobId"] = hashlib.sha1(b"blob %d\0" % len(content) + content).hexdigest()  # noqa: S324
            siblings.append(entry)
        siblings += [{"rfilename": name, "size": 1} for name in self.extra]
        return {"id": self.identifier, "modelId": self.identifier, "sha": REVISION, "siblings": siblings, "tags": []}


class Handler(BaseHTTPRequestHandler):
    """Answers as the hub does."""

    hub: Hub
    protocol_version = "HTTP/1.1"

    def log_message(self, *_arguments: object) -> None:
        pass

    def do_HEAD(self) -> None:
        self.answer()

    def do_GET(self) -> None:
        self.answer()

    def answer(self) -> None:
        path = self.path.partition("?")[0]
        self.hub.requests.append((self.command, path, self.headers.get("Range")))
        if not re.match(rf"/(api/models/)?{re.escape(self.hub.identifier)}(/|$)", path):
            return self.refuse(404, "RepoNotFound")
        if self.hub.gated and not path.startswith("/api/") and self.headers.get("Authorization") != f"Bearer {TOKEN}":
            return self.refuse(401 if "Authorization" not in self.headers else 403, "GatedRepo")
        if path.startswith("/api/"):
            return self.send(200, json.dumps(self.hub.listing()).encode(), {"Content-Type": "application/json"})
        return self.file(path.rpartition("/")[2])

    def refuse(self, status: int, code: str) -> None:
        self.send(status, b"{}", {"X-Error-Code": code, "X-Error-Message": code})

    def file(self, name: str) -> None:
        path = self.hub.folder / name
        if not path.is_file():
            return self.refuse(404, "EntryNotFound")
        content = bytearray(path.read_bytes())
        if name in self.hub.spoiled and self.command == "GET":
            self.hub.spoiled.discard(name)
            content[-1] ^= 1
        digest = hashlib.sha256(path.read_bytes()).hexdigest()
        headers = {"ETag": f'"{digest}"', "X-Repo-Commit": REVISION, "Accept-Ranges": "bytes"}
        start = 0
        asked = re.fullmatch(r"bytes=(\d+)-", self.headers.get("Range") or "")
        if asked:
            start = int(asked.group(1))
            headers["Content-Range"] = f"bytes {start}-{len(content) - 1}/{len(content)}"
        return self.send(206 if asked else 200, bytes(content[start:]), headers, name)

    def send(self, status: int, body: bytes, headers: dict[str, str], name: str = "") -> None:
        self.send_response(status)
        for key, value in {**headers, "Content-Length": str(len(body))}.items():
            self.send_header(key, value)
        self.end_headers()
        if self.command == "HEAD":
            return
        if name in self.hub.cut:
            self.wfile.write(body[: self.hub.cut.pop(name)])
            self.wfile.flush()
            self.close_connection = True
            self.connection.close()
            return
        if name in self.hub.hold:
            half = self.hub.hold.pop(name)
            self.wfile.write(body[: len(body) // 2])
            self.wfile.flush()
            self.hub.reached.set()
            half.wait(60)
            self.close_connection = True
            return
        self.wfile.write(body)


@contextmanager
def serve(hub: Hub) -> Iterator[str]:
    """Serve until the context ends; gives the address."""
    handler = type("BoundHandler", (Handler,), {"hub": hub})
    server = ThreadingHTTPServer(("127.0.0.1", 0), handler)
    server.daemon_threads = True
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_address[1]}"
    finally:
        server.shutdown()
        server.server_close()
