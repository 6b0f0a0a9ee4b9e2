"""medtui: tune a language model on a practice's own de-identified reports."""

__version__ = "0.1.0"
