"""Whether Ray, which is the user's choice, is installed."""

import importlib.util
from collections.abc import Mapping
from typing import Any

from medtui.errors import Refusal

LOCAL = "local"


def check(answers: Mapping[str, Any]) -> None:
    """Make sure that what is asked for is installed.

    Raises:
        Refusal: Ray is asked for and not there.
    """
    if answers.get("ray") and importlib.util.find_spec("ray") is None:
        raise Refusal(
            'Ray is not installed, so the reports cannot be spread with it; install it with `pip install "medtui[ray]"`'
            " or choose this machine's own processes with `medtui deid run --ray off`."
        )
