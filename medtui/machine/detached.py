"""Whether work goes on after the user logs out of this machine.

A worker has its own session and ignores SIGHUP. What can still end it is systemd-logind with `KillUserProcesses=yes`
(logind.conf(5)), or a container that stops with its main process. With that setting only what belongs to the user's own
service manager goes on (systemd-run(1)), and this only as long as the user lingers (loginctl(1)).
"""

import configparser
import getpass
import shutil
import subprocess
from pathlib import Path

ROOT = Path("/")
# The program keeps its process id: it takes systemd-run's place once its scope is made.
_OUTSIDE = ("systemd-run", "--user", "--scope", "--quiet", "--collect", "--")
_TRIAL_SECONDS = 10

_LOGIND = ("usr/lib/systemd/logind.conf", "run/systemd/logind.conf", "etc/systemd/logind.conf")


def survives_logout(root: Path = Path("/"), user: str | None = None) -> tuple[bool | None, str]:
    """Tell whether a detached worker survives log-out here.

    Args:
        root: root of the file system that is looked at.
        user: login name, the current user's by default.

    Returns:
        True, False, or None when it cannot be told; and one sentence that says why.
    """
    if _in_container(root):
        return None, "This is a container: training goes on after you leave, but ends when the container is stopped."
    if not (root / "run/systemd/system").is_dir():
        return True, "Training goes on after you log out (no systemd here that could end it)."
    if not _kills_user_processes(root):
        return True, "Training goes on after you log out."
    name = user or _user_name()
    if name and (root / "var/lib/systemd/linger" / name).exists():
        return True, "Training goes on after you log out (lingering is on for this user)."
    return False, (
        "This machine ends a user's programs at log-out (KillUserProcesses=yes); run `loginctl enable-linger` once so "
        "that training goes on."
    )


def launcher(root: Path | None = None, user: str | None = None) -> tuple[tuple[str, ...], str]:
    """Give the command through which a worker must be started here so that log-out does not end it.

    Args:
        root: root of the file system that is looked at.
        user: login name, the current user's by default.

    Returns:
        The beginning of a command line, empty where none is needed or none works; and a sentence when work would end at
        log-out nevertheless, else empty.
    """
    root = root or ROOT
    if _in_container(root) or not (root / "run/systemd/system").is_dir() or not _kills_user_processes(root):
        return (), ""
    if shutil.which(_OUTSIDE[0]) is None or not _works():
        return (), (
            "This machine ends a user's programs at log-out and lets none be started outside the session (systemd-run "
            "--user does not work here): stay logged in, for instance in tmux, until the training has ended."
        )
    name = user or _user_name()
    if name and (root / "var/lib/systemd/linger" / name).exists():
        return _OUTSIDE, ""
    return _OUTSIDE, (
        "This machine ends a user's programs when the last session is closed: run `loginctl enable-linger` once, so "
        "that the training goes on after you log out."
    )


def _works() -> bool:
    try:
        tried = subprocess.run(
            [*_OUTSIDE, "true"], stdin=subprocess.DEVNULL, capture_output=True, check=False, timeout=_TRIAL_SECONDS
        )
    except (OSError, subprocess.TimeoutExpired):
        return False
    return tried.returncode == 0


def _user_name() -> str:
    try:
        return getpass.getuser()
    except (KeyError, OSError):
        return ""


def _in_container(root: Path) -> bool:
    if (root / ".dockerenv").exists() or (root / "run/.containerenv").exists():
        return True
    try:
        environment = (root / "proc/1/environ").read_bytes()
    except OSError:
        return False
    return b"container=" in environment


def _kills_user_processes(root: Path) -> bool:
    """Read logind's settings in the order in which later files win (systemd's drop-in rules)."""
    files = [root / name for name in _LOGIND]
    dropins = {path.name: path for name in _LOGIND for path in (root / f"{name}.d").glob("*.conf")}
    settings = configparser.ConfigParser(strict=False, interpolation=None)
    for path in (*files, *(dropins[name] for name in sorted(dropins))):
        try:
            settings.read(path, encoding="utf-8")
        except (configparser.Error, UnicodeDecodeError):
            continue
    value = settings.get("Login", "KillUserProcesses", fallback="no")
    return value.strip().lower() in {"yes", "true", "1", "on", "y", "t"}
