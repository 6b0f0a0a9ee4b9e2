"""How fast files are read: how many to hand out ahead, and how long to let answers gather.

Each time the process that stores answers wakes up, it takes a core from a reader for a moment and what that core had
in its caches with it. Where files take a millisecond, that is a tenth of the time; so it wakes up for a few at once.
"""

# Seconds of work handed to a reader ahead, so that it is never idle; with more, all would wait for the last at the end.
_AHEAD_SECONDS = 0.02
_FEWEST, _MOST, _AT_FIRST = 2, 32, 4
_LONGEST_PAUSE = 0.006
# Files that have to be read before their pace is trusted.
_FILES = 16


class Pace:
    """Follows how long a file takes a reader.

    Attributes:
        ahead: files to hand to each reader at a time.
        pause: seconds to let answers gather.
    """

    def __init__(self, now: float) -> None:
        self.ahead = _AT_FIRST
        self.pause = 0.0
        self._seconds = 0.0
        self._files = 0
        self._since = now

    def note(self, files: int, readers: int, now: float) -> None:
        """Take in that some files were read since the last call.

        Args:
            files: how many; nothing happens where it is zero.
            readers: how many processes read them.
            now: seconds of a clock that only goes forward, as given at first.
        """
        if not files:
            return
        spent, self._since = (now - self._since) * readers / files, now
        self._files += files
        # A pause that is too long for the work handed out makes files look slower, but never as slow as it assumed.
        self._seconds += (spent - self._seconds) * min(1.0, files / _FILES)
        if self._files >= _FILES:
            self.ahead = max(_FEWEST, min(_MOST, round(_AHEAD_SECONDS / max(self._seconds, 1e-6))))
            self.pause = min(_LONGEST_PAUSE, self._seconds * self.ahead / 2)
