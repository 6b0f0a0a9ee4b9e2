"""A real terminal for the tests: the program runs on a PTY, pyte draws what it writes, and every byte is kept."""

import codecs
import fcntl
import os
import pty
import re
import select
import signal
import struct
import sys
import termios
import time
from collections.abc import Mapping
from pathlib import Path

import pyte

from medtui.text import FORBIDDEN

KEYS = {"enter": b"\r", "escape": b"\x1b", "tab": b"\t", "down": b"\x1b[B", "up": b"\x1b[A", "ctrl+p": b"\x10"}
# What Textual itself writes: CSI sequences, and the keypad and charset switches. Never OSC, DCS, APC or PM.
_OWN = re.compile(r"\x1b\[[0-?]*[ -/]*[@-~]|\x1b[=>]|\x1b\([0B]")


class Terminal:
    """One program on one PTY."""

    def __init__(self, *arguments: str, size: tuple[int, int] = (80, 24), env: Mapping[str, str] | None = None) -> None:
        self.columns, self.lines = size
        self.raw = bytearray()
        self._screen = pyte.Screen(self.columns, self.lines)
        self._stream = pyte.ByteStream(self._screen)
        self.pid, self._descriptor = pty.fork()
        if self.pid == 0:
            # Tests that a shell runs in the background inherit deaf ears for what a terminal's Ctrl+C sends.
            signal.signal(signal.SIGINT, signal.SIG_DFL)
            settings = {"TERM": "xterm-256color", "COLORTERM": "truecolor", "LANG": "C.UTF-8", **(env or {})}
            unset = {"NO_COLOR", "LC_ALL", "TMUX"} - set(settings)
            kept = {key: value for key, value in os.environ.items() if key not in unset}
            os.execve(sys.executable, [sys.executable, "-m", "medtui", *arguments], {**kept, **settings})  # noqa: S606
        self._resize()

    def _resize(self) -> None:
        fcntl.ioctl(self._descriptor, termios.TIOCSWINSZ, struct.pack("HHHH", self.lines, self.columns, 0, 0))

    def resize(self, columns: int, lines: int) -> None:
        """Change the terminal's size, as a person dragging a window does."""
        self.columns, self.lines = columns, lines
        self._screen.resize(lines, columns)
        self._resize()
        os.kill(self.pid, signal.SIGWINCH)

    def press(self, *keys: str) -> None:
        """Press keys by name, or type a character."""
        for key in keys:
            os.write(self._descriptor, KEYS.get(key, key.encode()))

    def click(self, column: int, line: int) -> None:
        """Click with the left mouse button, as terminals report it (SGR); the first column and line are 1."""
        for end in "Mm":
            os.write(self._descriptor, f"\x1b[<0;{column};{line}{end}".encode())

    def _pump(self, seconds: float) -> bool:
        ready, _, _ = select.select([self._descriptor], [], [], seconds)
        if not ready:
            return True
        try:
            data = os.read(self._descriptor, 65536)
        except OSError:
            return False
        self.raw += data
        # pyte does not know the private mode reports that Textual asks for; they draw nothing.
        self._stream.feed(re.sub(rb"\x1b\[[<>=?][0-9;]*\$?[a-zA-Z]", b"", data))
        return bool(data)

    @property
    def text(self) -> str:
        """What is on the screen."""
        return "\n".join(self._screen.display)

    def wait_for(self, *words: str, seconds: float = 60) -> float:
        """Wait until all words are on the screen.

        Returns:
            How many seconds it took.
        """
        begun = time.monotonic()
        while not all(word in self.text for word in words):
            if time.monotonic() - begun > seconds or not self._pump(0.05):
                raise AssertionError(f"{words} did not appear; the screen shows:\n{self.text}")
        return time.monotonic() - begun

    def wait_for_prompt(self, word: str, seconds: float = 60) -> None:
        """Wait until a word begins the last line on the screen: what is typed before a hidden prompt is thrown away."""
        begun = time.monotonic()
        while not self.text.rstrip().split("\n")[-1].strip().startswith(word):
            if time.monotonic() - begun > seconds or not self._pump(0.05):
                raise AssertionError(f"{word!r} did not ask; the screen shows:\n{self.text}")

    def wait_gone(self, word: str, seconds: float = 60) -> None:
        """Wait until a word is no longer on the screen."""
        begun = time.monotonic()
        while word in self.text:
            if time.monotonic() - begun > seconds or not self._pump(0.05):
                raise AssertionError(f"{word!r} stayed; the screen shows:\n{self.text}")

    def forbidden(self) -> list[str]:
        """Give whatever the program wrote that it must not write."""
        # What was read may end in the middle of a character or a sequence.
        text = codecs.getincrementaldecoder("utf-8")("surrogateescape").decode(bytes(self.raw))
        whole = re.sub(r"\x1b(\[[0-?]*)?$", "", text)
        rest = re.sub(r"[\r\n\t\x08\x0f]", "", _OWN.sub("", whole))
        return [repr(rest[max(0, m.start() - 20) : m.end() + 20]) for m in FORBIDDEN.finditer(rest)][:5]

    def kill(self) -> None:
        """End the program with SIGKILL and close its terminal, as a broken connection does."""
        os.kill(self.pid, signal.SIGKILL)
        self._end()

    def hang_up(self) -> None:
        """Close the terminal's side, as a lost SSH connection does; the program gets SIGHUP."""
        os.close(self._descriptor)
        os.waitpid(self.pid, 0)

    def quit(self) -> int:
        """Quit with Ctrl+Q and give the exit status."""
        os.write(self._descriptor, b"\x11")
        while self._pump(0.2):
            if os.waitpid(self.pid, os.WNOHANG)[0]:
                os.close(self._descriptor)
                return 0
        return self._end()

    def ended(self, seconds: float = 60) -> int:
        """Read what the program still writes and give its exit status."""
        begun = time.monotonic()
        while self._pump(0.2):
            if time.monotonic() - begun > seconds:
                self.kill()
                raise AssertionError(f"it does not end; the screen shows:\n{self.text}")
        return self._end()

    def _end(self) -> int:
        status = os.waitpid(self.pid, 0)[1]
        os.close(self._descriptor)
        return os.waitstatus_to_exitcode(status)


def environment(data: Path, **more: str) -> dict[str, str]:
    """Give the environment of a test's own data folder."""
    return {"XDG_DATA_HOME": str(data), "PYTHONPATH": str(Path(__file__).parents[2]), **more}
