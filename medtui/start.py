"""The way in: what takes a while to come up starts while the rest is loaded."""

import gc
import os
import sys

# Commands that read files, for which processes of their own come up.
_READING = (["reports", "import"], ["reports", "read"])


def main() -> None:
    """Run the program with the arguments that it was called with."""
    # What is loaded stays: looking through it for garbage after every 700 objects takes a tenth of the start.
    gc.set_threshold(50_000, 20, 20)
    if sys.argv[1:3] in _READING and not {"-h", "--help"} & set(sys.argv):
        from medtui.reports.nursery import ahead

        with ahead():
            code = _code()
        sys.stdout.flush()
        sys.stderr.flush()
        # Nothing is left to put in order, and taking a process apart takes longer than reading ten reports.
        os._exit(code)
    _run()


def _run() -> None:
    from medtui import cli

    cli.main()


def _code() -> int:
    try:
        _run()
    except SystemExit as end:
        if end.code is None or isinstance(end.code, int):
            return end.code or 0
        raise
    return 0
