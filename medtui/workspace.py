"""Where one practice's work lives on disk.

State is what is on disk: every answer is written when it is given, whole files only, so that any process may die at any
moment and the next start carries on.
"""

import contextlib
import fcntl
import hashlib
import json
import os
import time
import uuid
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from medtui import answers, journal
from medtui.errors import Refusal
from medtui.text import sanitize_line

STEPS = ("machine", "model", "reports", "deid", "examples", "training", "evaluation", "chat", "export")

# What must be looked at again when a step's answers or result change.
FEEDS: dict[str, tuple[str, ...]] = {
    "machine": (),
    "model": ("examples", "training", "evaluation", "chat", "export"),
    "reports": ("deid", "examples", "training", "evaluation", "chat", "export"),
    "deid": ("examples", "training", "evaluation", "chat", "export"),
    "examples": ("training", "evaluation", "chat", "export"),
    "training": ("evaluation", "chat", "export"),
    "evaluation": (),
    "chat": (),
    "export": (),
}

OPEN, DONE, NEEDS_ANOTHER_LOOK = "open", "done", "needs_another_look"


def write_atomic(path: Path, data: bytes | str) -> None:
    """Write a file whole or not at all, readable by its owner only.

    Args:
        path: target; replaced if present.
        data: content; text is encoded as UTF-8.

    Raises:
        Refusal: the disk is full or not writable.
    """
    content = data.encode() if isinstance(data, str) else data
    temporary = path.with_name(f".{path.name}.{uuid.uuid4().hex}")
    try:
        descriptor = os.open(temporary, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC, 0o600)
        with os.fdopen(descriptor, "wb") as stream:
            stream.write(content)
            stream.flush()
            os.fsync(stream.fileno())
        os.replace(temporary, path)
    except OSError as error:
        with contextlib.suppress(OSError):
            temporary.unlink()
        raise Refusal(f"Cannot write {path}: {error.strerror}; free some space or check its permissions.") from error
    flush(path.parent)


def flush(path: Path) -> None:
    """Wait until a file, or the names in a folder, are on the disk."""
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def default_root() -> Path:
    """Give the folder that holds all practices: `$XDG_DATA_HOME/medtui`."""
    base = os.environ.get("XDG_DATA_HOME", "")
    return (Path(base) if base.startswith("/") else Path.home() / ".local" / "share") / "medtui"


def practices(root: Path | None = None) -> list["Workspace"]:
    """List the workspaces below the root folder, by name."""
    folder = root or default_root()
    if not folder.is_dir():
        return []
    return [Workspace(child) for child in sorted(folder.iterdir()) if (child / "workspace.toml").is_file()]


class Workspace:
    """One practice's folder (mode 0700) and what is known about its nine steps."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.vault_path = path / "vault.db"
        self.dataset = path / "dataset"
        self.runs = path / "runs"
        self.evaluations = path / "evaluations"
        self.exports = path / "exports"
        self.jobs = path / "jobs"
        self.audit_path = path / "audit.jsonl"
        self._settings = path / "workspace.toml"
        self._state = path / "state.json"

    @classmethod
    def create(cls, path: Path, practice: str) -> "Workspace":
        """Create a practice's workspace.

        Raises:
            Refusal: the folder holds something already, or cannot be created.
        """
        workspace = cls(path.expanduser().absolute())
        path = workspace.path
        if path.exists() and (not path.is_dir() or any(path.iterdir())):
            raise Refusal(f"{path} is not empty; choose a new folder for the workspace.")
        try:
            path.mkdir(mode=0o700, parents=True, exist_ok=True)
            path.chmod(0o700)
            for folder in workspace._folders():
                folder.mkdir(mode=0o700, exist_ok=True)
        except OSError as error:
            raise Refusal(f"Cannot create {path}: {error.strerror}; choose a folder that you may write to.") from error
        name = json.dumps(sanitize_line(practice), ensure_ascii=False)
        write_atomic(workspace._settings, f"[practice]\nname = {name}\ncreated = {int(time.time())}\n")
        workspace.audit("workspace created")
        return workspace

    @classmethod
    def open(cls, path: Path) -> "Workspace":
        """Open an existing workspace.

        Raises:
            Refusal: there is none at this path.
        """
        workspace = cls(path.expanduser().absolute())
        if not workspace._settings.is_file():
            raise Refusal(f"{workspace.path} is not a medtui workspace; start with `medtui` or `medtui demo`.")
        for folder in workspace._folders():
            folder.mkdir(mode=0o700, exist_ok=True)
        return workspace

    @classmethod
    def open_or_create(cls, path: Path, practice: str) -> "Workspace":
        """Open the workspace at this path, or create it."""
        if (path.expanduser() / "workspace.toml").is_file():
            return cls.open(path)
        return cls.create(path, practice)

    def _folders(self) -> tuple[Path, ...]:
        return (self.dataset, self.runs, self.evaluations, self.exports, self.jobs)

    @property
    def practice(self) -> str:
        """The practice's name as the user gave it."""
        return str(self._read().get("practice", {}).get("name", self.path.name))

    def _read(self) -> dict[str, Any]:
        import tomllib

        try:
            settings = tomllib.loads(self._settings.read_text(encoding="utf-8"))
        except (OSError, ValueError) as error:
            raise Refusal(f"Cannot read {self._settings}: {error}; correct the file or restore it.") from error
        answers = settings.get("answers", {})
        tables = [settings.get("practice", {}), answers, *(answers.values() if isinstance(answers, dict) else ())]
        if not all(isinstance(table, dict) for table in tables):
            raise Refusal(f"Cannot read {self._settings}: a table is missing; correct the file or restore it.")
        return settings

    def answers(self, step: str) -> dict[str, Any]:
        """Give the saved answers of a step, empty when nothing was answered.

        Raises:
            Refusal: the file cannot be read, or an answer is of the wrong kind.
        """
        saved = self._read().get("answers", {}).get(step, {})
        found = dict(saved) if isinstance(saved, dict) else {}
        answers.check(step, found, self._settings)
        return found

    def save_answer(self, step: str, key: str, value: Any) -> list[str]:
        """Save one answer at once.

        Returns:
            The steps that were done and now need another look because of it.
        """
        import tomlkit  # a screen that only reads starts without it

        with self._exclusive():
            self._read()
            document = tomlkit.parse(self._settings.read_text(encoding="utf-8"))
            answers = document.setdefault("answers", tomlkit.table(is_super_table=True))
            table = answers.setdefault(step, tomlkit.table())
            if key in table and table[key] == value:
                return []
            table[key] = value
            write_atomic(self._settings, tomlkit.dumps(document))
            return self._reopen((step, *FEEDS[step]))

    def forget_answer(self, step: str, key: str) -> list[str]:
        """Take an answer back at once, so that its default counts again.

        Returns:
            The steps that were done and now need another look because of it.
        """
        import tomlkit  # a screen that only reads starts without it

        with self._exclusive():
            if key not in self._read().get("answers", {}).get(step, {}):
                return []
            document = tomlkit.parse(self._settings.read_text(encoding="utf-8"))
            del document["answers"][step][key]
            write_atomic(self._settings, tomlkit.dumps(document))
            return self._reopen((step, *FEEDS[step]))

    def finish(self, step: str, result: Mapping[str, Any]) -> None:
        """Mark a step as done; what was built on its earlier result needs another look.

        Args:
            step: one of `STEPS`.
            result: JSON-able figures without patient text.
        """
        with self._exclusive():
            self._reopen(FEEDS[step])
            states = self._states()
            states[step] = {"state": DONE, "finished": int(time.time()), "result": dict(result)}
            write_atomic(self._state, json.dumps(states, indent=1, ensure_ascii=False))

    def amend(self, step: str, figures: Mapping[str, Any]) -> None:
        """Add figures to a finished step's result; nothing that was built on it needs another look because of them.

        Args:
            step: one of `STEPS`; nothing happens when it never finished.
            figures: JSON-able, without patient text.
        """
        with self._exclusive():
            states = self._states()
            if states.get(step, {}).get("result") is not None:
                states[step]["result"] = {**states[step]["result"], **figures}
                write_atomic(self._state, json.dumps(states, indent=1, ensure_ascii=False))

    def _reopen(self, steps: tuple[str, ...]) -> list[str]:
        states = self._states()
        affected = [step for step in steps if states.get(step, {}).get("state") == DONE]
        for step in affected:
            states[step]["state"] = NEEDS_ANOTHER_LOOK
        if affected:
            write_atomic(self._state, json.dumps(states, indent=1, ensure_ascii=False))
        return affected

    def _states(self) -> dict[str, dict[str, Any]]:
        damaged = f"{self._state} is damaged; delete it and run the steps again (answers are kept)."
        try:
            states = json.loads(self._state.read_text())
        except FileNotFoundError:
            return {}
        except (OSError, ValueError) as error:
            raise Refusal(damaged) from error
        if not isinstance(states, dict) or not all(_is_state(entry) for entry in states.values()):
            raise Refusal(damaged)
        return states

    def state(self, step: str) -> str:
        """Tell whether a step is `open`, `done` or `needs_another_look`."""
        return str(self._states().get(step, {}).get("state", OPEN))

    def result(self, step: str) -> dict[str, Any] | None:
        """Give what a step found when it last finished."""
        return self._states().get(step, {}).get("result")

    @contextlib.contextmanager
    def _exclusive(self) -> Iterator[None]:
        lock = os.open(self.path / ".lock", os.O_WRONLY | os.O_CREAT | os.O_CLOEXEC, 0o600)
        try:
            fcntl.flock(lock, fcntl.LOCK_EX)
            yield
        finally:
            os.close(lock)

    def audit(self, action: str, **details: Any) -> None:
        """Add a line to the audit trail; each line carries the SHA-256 of the one before.

        Args:
            action: what was done.
            **details: JSON-able figures and choices, never patient text.
        """
        with self._exclusive():
            previous = _last_line(self.audit_path)
            digest = hashlib.sha256(previous).hexdigest() if previous else ""
            record = {"action": action, "user": os.environ.get("USER", ""), "details": details, "previous": digest}
            journal.append(self.audit_path, record, durable=True)


def _is_state(entry: Any) -> bool:
    return (
        isinstance(entry, dict)
        and entry.get("state", OPEN) in {OPEN, DONE, NEEDS_ANOTHER_LOOK}
        and isinstance(entry.get("result"), dict | None)
    )


def _last_line(path: Path) -> bytes:
    try:
        with path.open("rb") as stream:
            size = stream.seek(0, os.SEEK_END)
            window = journal.LONGEST_LINE
            while True:
                stream.seek(max(0, size - window))
                _, newline, last = stream.read().rstrip(b"\n").rpartition(b"\n")
                if newline or window >= size:
                    return last
                window *= 2
    except FileNotFoundError:
        return b""
