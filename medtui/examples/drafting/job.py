"""Starts the drafting of questions and answers, which goes on by itself."""

from medtui import vault
from medtui.errors import Refusal
from medtui.examples.settings import model_folder
from medtui.model import folder
from medtui.process import RUNNING, Job
from medtui.workspace import Workspace

WORKER = "medtui.examples.drafting.worker"
USUAL = 20
MOST = 2000


def job(workspace: Workspace) -> Job:
    """Give the job that drafts for a practice."""
    return Job(workspace.jobs / "drafts")


def begin(workspace: Workspace, count: int = USUAL) -> Job:
    """Start drafting, or find it at work already.

    Args:
        workspace: the practice.
        count: how many drafts.

    Raises:
        Refusal: the count is impossible, or the model cannot be used.
    """
    if not 1 <= count <= MOST:
        raise Refusal(f"The number of drafts must be from 1 to {MOST:,}.")
    folder.check(model_folder(workspace))
    current = job(workspace)
    if current.status() != RUNNING:
        gpu = workspace.answers("machine").get("gpu")
        pinned = {"CUDA_DEVICE_ORDER": "PCI_BUS_ID", "CUDA_VISIBLE_DEVICES": "" if gpu == "none" else str(gpu)}
        secret = vault.key(workspace)
        current.start(WORKER, str(workspace.path), str(count), environment=pinned if gpu else {}, secret=secret)
        workspace.audit("questions being drafted", count=count)
    return current
