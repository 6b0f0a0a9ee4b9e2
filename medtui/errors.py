"""The one exception whose message is written for the person at the screen."""


class Refusal(Exception):
    """Something cannot go on, and the user can act on it.

    The message is one sentence: what, where, what to do. It never holds patient text, so it may be shown and logged.
    """
