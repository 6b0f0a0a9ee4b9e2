"""The way in: what takes a while to come up starts while the rest is loaded."""

import sys

# Commands that read files, for which processes of their own come up.
_READING = (["reports", "import"], ["reports", "read"])


def main() -> None:
    """Run the program with the arguments that it was called with."""
    if sys.argv[1:3] in _READING and not {"-h", "--help"} & set(sys.argv):
        from medtui.reports.nursery import ahead

        with ahead():
            _run()
    else:
        _run()


def _run() -> None:
    from medtui import cli

    cli.main()
