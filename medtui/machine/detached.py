"""Whether work goes on after the user logs out of this machine.

A worker has its own session and ignores SIGHUP. What can still end it is systemd-logind with `KillUserProcesses=yes`
(logind.conf(5)) unless the user lingers (loginctl(1)), or a container that stops with its main process.
"""

import configparser
import getpass
from pathlib import Path

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
