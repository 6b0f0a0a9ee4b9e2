"""De-identifies reports as a Ray Data job. Only the deid worker imports this module, and only when asked to.

A Ray that is started here works on this machine alone: it shows no dashboard, reports no usage, keeps reports in memory
(what it would spill to disk would lie outside the vault), and answers nobody who does not know this run's secret. Some
of its ports cannot be bound to 127.0.0.1, which is why the secret is needed.
"""

import importlib
import os
import pickle
import secrets
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from medtui.deid.deidentify import Decisions, Outcome
from medtui.deid.parallel import Rules, Task, outcome
from medtui.deid.profile import Profile
from medtui.deid.ray_extra import LOCAL
from medtui.errors import Refusal

_QUIET = {"RAY_USAGE_STATS_ENABLED": "0", "RAY_DATA_DISABLE_PROGRESS_BARS": "1"}
_BATCH = 16
# Handed over at once: enough that starting the processes does not count, little enough that reports and results fit
# into the memory that Ray is given.
_BYTES_AT_ONCE = 128 << 20
_STORE_BYTES = 1 << 30


@contextmanager
def connected(address: str) -> Iterator[None]:
    """Start Ray on this machine, or join a cluster, for a while.

    Args:
        address: "local", or where the cluster's head listens; reports then travel to its machines.

    Raises:
        Refusal: there is no cluster at this address.
    """
    os.environ.update(_QUIET)
    if address == LOCAL:
        # Ray reads these when it is imported.
        os.environ.update(
            RAY_AUTH_MODE="token", RAY_AUTH_TOKEN=os.environ.get("RAY_AUTH_TOKEN") or secrets.token_hex(32)
        )
    ray = _ray()
    folder = tempfile.mkdtemp(prefix="ray-")
    try:
        if address == LOCAL:
            ray.init(
                address="local",
                num_cpus=len(os.sched_getaffinity(0)),
                include_dashboard=False,
                log_to_driver=False,
                configure_logging=False,
                object_store_memory=_STORE_BYTES,
                _node_ip_address="127.0.0.1",
                _temp_dir=folder,
                _system_config={"automatic_object_spilling_enabled": False},
            )
        else:
            ray.init(address=address, log_to_driver=False, configure_logging=False)
    except (ConnectionError, ValueError, RuntimeError) as error:
        shutil.rmtree(folder, ignore_errors=True)
        raise Refusal(f"Ray cannot be used at {address}: {type(error).__name__}; check the address.") from None
    try:
        yield
    finally:
        ray.shutdown()
        shutil.rmtree(folder, ignore_errors=True)


def _ray() -> Any:
    return importlib.import_module("ray")


class Deidentifier:
    """What each of Ray's processes holds: the rules, loaded once."""

    def __init__(self, profile: Profile, decisions: Decisions) -> None:
        from medtui.deid.recognizers import Analyzer

        self._rules = Rules(Analyzer().find, profile, decisions)

    def __call__(self, batch: dict[str, Any]) -> dict[str, Any]:
        """De-identify a batch of reports."""
        made = []
        for packed in batch["task"]:
            task: Task = pickle.loads(packed)  # noqa: S301 (packed by this program a moment ago)
            made.append(pickle.dumps(outcome(task, self._rules, task.drawn)))
        return {"number": batch["number"], "outcome": made}


def outcomes(tasks: Iterator[Task], rules: Rules) -> Iterator[tuple[Task, Outcome]]:
    """De-identify reports with Ray; see `parallel.outcomes`.

    Args:
        tasks: the reports.
        rules: how; each process builds its own detector.
    """
    ray, data = _ray(), importlib.import_module("ray.data")
    context = data.DataContext.get_current()
    context.execution_options.preserve_order = True
    context.enable_progress_bars = False
    workers = max(1, int(ray.cluster_resources().get("CPU", 1)))
    for chunk, rows in _portions(tasks):
        blocks = min(len(rows), max(workers, min(len(rows) // _BATCH, 8 * workers)))
        made = data.from_items(rows, override_num_blocks=blocks).map_batches(
            Deidentifier,
            fn_constructor_args=(rules.profile, rules.decisions),
            batch_size=_BATCH,
            concurrency=workers,
            num_cpus=1,
        )
        for row in made.iter_rows():
            yield chunk[row["number"]], pickle.loads(row["outcome"])  # noqa: S301 (packed by `Deidentifier`)


def _portions(tasks: Iterator[Task]) -> Iterator[tuple[list[Task], list[dict[str, Any]]]]:
    chunk: list[Task] = []
    rows: list[dict[str, Any]] = []
    size = 0
    for task in tasks:
        packed = pickle.dumps(task)
        rows.append({"number": len(chunk), "task": packed})
        chunk.append(task)
        size += len(packed)
        if size >= _BYTES_AT_ONCE:
            yield chunk, rows
            chunk, rows, size = [], [], 0
    if chunk:
        yield chunk, rows
