"""Talks to the hub; only the worker imports it."""

import hashlib
import os
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import httpx2
from huggingface_hub import HfApi, get_hf_file_metadata, hf_hub_url
from huggingface_hub.errors import GatedRepoError, HfHubHTTPError, OfflineModeIsEnabled, RepositoryNotFoundError
from huggingface_hub.file_download import http_get
from huggingface_hub.utils import build_hf_headers, tqdm

from medtui.errors import Refusal
from medtui.model.download import files
from medtui.progress import Progress

_LATER = "what has arrived is kept, so the same command goes on from there"


@dataclass(frozen=True)
class RemoteFile:
    """A file of a repository: large ones have a SHA-256, small ones git's own object id (None where not told)."""

    name: str
    size: int
    sha256: str | None
    blob: str | None

    def matches(self, path: Path) -> bool:
        """Tell whether a local file has this size and checksum."""
        if not path.is_file() or path.stat().st_size != self.size:
            return False
        if self.sha256 is not None:
            return files.digest(path) == self.sha256
        return self.blob is None or _blob(path) == self.blob


def _blob(path: Path) -> str:
    """Give git's object id of a file (SHA-1 over a header and the content)."""
    content = path.read_bytes()
    return hashlib.sha1(b"blob %d\0" % len(content) + content, usedforsecurity=False).hexdigest()


@dataclass(frozen=True)
class Repository:
    """What a repository offers; `left_out` counts files that are never taken."""

    id: str
    revision: str
    files: tuple[RemoteFile, ...]
    left_out: int

    @property
    def size(self) -> int:
        """Bytes of all files that are taken."""
        return sum(file.size for file in self.files)


def token() -> str | None:
    """Give the access token from the worker's environment; it is written nowhere."""
    return os.environ.get("HF_TOKEN") or None


def look(identifier: str) -> Repository:
    """Ask what a repository holds.

    Raises:
        Refusal: it is not there, gated, unreachable, or holds no safetensors weights.
    """
    with _sentences(identifier):
        info = HfApi(token=token() or False).model_info(identifier, files_metadata=True)
    listed = info.siblings or []
    taken = tuple(_file(sibling) for sibling in listed if files.wanted(sibling.rfilename))
    if not any(file.name.endswith(".safetensors") for file in taken):
        raise Refusal(
            f"{identifier} offers no .safetensors weights (medtui loads no other form); look for a copy that does."
        )
    return Repository(identifier, str(info.sha), taken, len(listed) - len(taken))


def _file(sibling: Any) -> RemoteFile:
    stored = getattr(sibling, "lfs", None)
    sha256 = getattr(stored, "sha256", None) if stored is not None else None
    blob = None if sha256 else getattr(sibling, "blob_id", None)
    return RemoteFile(sibling.rfilename, int(sibling.size or 0), sha256, blob)


def fetch(repository: Repository, folder: Path, progress: Progress, config_only: bool = False) -> None:
    """Download the files that are not there yet, small ones first, going on where an earlier download ended.

    Raises:
        Refusal: the connection fails for good, access is denied, or the disk is full.
    """
    chosen = [file for file in repository.files if not config_only or file.name == "config.json"]
    meter = _Meter(sum(file.size for file in chosen), progress)
    for file in sorted(chosen, key=lambda file: (file.size, file.name)):
        meter.begin(file.name)
        if not file.matches(folder / file.name):
            with _sentences(repository.id):
                _transfer(repository, file, folder, meter)
        meter.finish(file.size)


def _transfer(repository: Repository, file: RemoteFile, folder: Path, meter: "_Meter") -> None:
    """Add to the partial file of this very version, then give it its name.

    The hub library's own download starts anew after every interruption, which no one wants for 100 GB.
    """
    url = hf_hub_url(repository.id, file.name, revision=repository.revision, endpoint=os.environ.get("HF_ENDPOINT"))
    metadata = get_hf_file_metadata(url, token=token() or False)
    headers = build_hf_headers(token=token() or False)
    if urlsplit(metadata.location).netloc != urlsplit(url).netloc:
        # The address of the storage behind the hub is signed; the token is none of its business.
        headers.pop("authorization", None)
    version = hashlib.sha256(str(metadata.etag).encode()).hexdigest()[:16]
    partial = folder / f".{file.name}.{version}.partial"
    with partial.open("ab") as stream:
        http_get(
            metadata.location,
            stream,
            resume_size=stream.tell(),
            headers=headers,
            expected_size=metadata.size,
            tqdm_class=meter.bar(),
        )
    partial.replace(folder / file.name)


def check(repository: Repository, folder: Path, progress: Progress) -> None:
    """Compare sizes and checksums with what the hub says.

    Raises:
        Refusal: a file differs; it is removed, so that the next attempt fetches it anew.
    """
    for done, file in enumerate(repository.files):
        progress(done, len(repository.files), f"Checking {file.name}")
        if not file.matches(folder / file.name):
            (folder / file.name).unlink()
            raise Refusal(f"{file.name} arrived damaged and was removed; run the same command again to fetch it anew.")


class _Meter:
    """Adds up the bytes of one file after the other."""

    def __init__(self, total: int, progress: Progress) -> None:
        self._total, self._progress = total, progress
        self._finished = self._current = 0
        self._name = ""

    def begin(self, name: str) -> None:
        self._name, self._current = name, 0

    def finish(self, size: int) -> None:
        self._finished += size
        self._current = 0
        self._tell()

    def _tell(self) -> None:
        self._progress(min(self._finished + self._current, self._total), self._total, f"Downloading {self._name}")

    def bar(self) -> type[tqdm]:
        meter = self

        class Bar(tqdm):
            """Counts bytes for the meter and draws nothing."""

            def __init__(self, *arguments: Any, **settings: Any) -> None:
                meter._current = int(settings.get("initial") or 0)
                settings.pop("name", None)
                super().__init__(*arguments, **{**settings, "disable": True})

            def update(self, n: float | None = 1) -> bool | None:
                meter._current += int(n or 0)
                meter._tell()
                return None

        return Bar


@contextmanager
def _sentences(identifier: str) -> Iterator[None]:
    """Turn the hub's errors into sentences; none of them repeats the token or an address with one."""
    try:
        yield
    except GatedRepoError as error:
        raise Refusal(
            f"{identifier} is gated: open its page on the hub, accept its makers' terms, make a read token in your "
            "account's settings, and run the command again with --token (it is asked for and never stored)."
        ) from error
    except RepositoryNotFoundError as error:
        raise Refusal(
            f"The hub knows no {identifier}, or it is private; check the name, or give a token with --token."
        ) from error
    except HfHubHTTPError as error:
        status = error.response.status_code if error.response is not None else 0
        if status == 401:
            raise Refusal("The hub did not accept the token; make a new one in your account's settings.") from error
        raise Refusal(f"The hub answered with error {status}; try again later, {_LATER}.") from error
    except (httpx2.HTTPError, OfflineModeIsEnabled, ConnectionError) as error:
        raise Refusal(
            f"The connection to the hub failed ({type(error).__name__}); {_LATER}. Without network copy the model's "
            "folder here and give it with --from."
        ) from error
    except OSError as error:
        if error.errno is not None:
            raise Refusal(f"Cannot write the download: {error.strerror}; free some space, {_LATER}.") from error
        raise Refusal(f"The download broke off; {_LATER}.") from error
