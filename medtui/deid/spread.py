"""Which processes de-identify: this machine's own, or Ray's on one machine or several."""

import os
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from typing import Any

from medtui.deid import parallel, ray_extra
from medtui.deid.deidentify import Outcome
from medtui.deid.parallel import FEWEST, Rules, Task

Work = Callable[[Iterator[Task]], Iterator[tuple[Task, Outcome]]]


@contextmanager
def processes(answers: Mapping[str, Any], rules: Rules, total: int) -> Iterator[Work]:
    """Give what de-identifies reports, in the order given, whatever does the work; the results are the same.

    Args:
        answers: of the deid step: `ray` is "" (this machine's own processes), "local", or the address of a Ray cluster.
        rules: what all reports share.
        total: how many reports there are.

    Raises:
        Refusal: Ray is asked for and not there.
    """
    address = str(answers.get("ray") or "").strip()
    if not address:
        own = len(os.sched_getaffinity(0)) if total >= FEWEST else 1
        yield lambda tasks: parallel.outcomes(tasks, rules, own)
        return
    ray_extra.check(answers)
    from medtui.deid import ray_job

    with ray_job.connected(address):
        yield lambda tasks: ray_job.outcomes(tasks, rules)
