"""The deid step: every report de-identified and verified, in a worker that outlives the terminal."""

from typing import Any

from medtui import vault
from medtui.deid.profile import chosen_profile
from medtui.errors import Refusal
from medtui.process import RUNNING, Job
from medtui.progress import Progress, silent
from medtui.reports import store as reports
from medtui.workspace import Workspace

_AUDITED = (
    "profile",
    "policies",
    "documents",
    "identifiers_found",
    "by_category",
    "known_identifiers_left",
    "doubts_redacted",
)


def job(workspace: Workspace) -> Job:
    """Give the job that de-identifies this practice's reports."""
    return Job(workspace.jobs / "deid")


def begin(workspace: Workspace) -> Job:
    """Start the work, or find it at work already.

    Raises:
        Refusal: there are no reports, or the answers ask for a rule that does not exist.
    """
    chosen_profile(workspace.answers("deid"))
    connection = vault.connect(workspace)
    try:
        if not reports.count(connection):
            raise Refusal("There are no reports to de-identify; import some in the reports step first.")
    finally:
        connection.close()
    current = job(workspace)
    if current.status() != RUNNING:
        current.start("medtui.deid.worker", str(workspace.path), secret=vault.key(workspace))
    return current


def accept(workspace: Workspace, result: dict[str, Any]) -> dict[str, Any]:
    """Take the finished work as the step's result."""
    workspace.finish("deid", result)
    workspace.audit("reports de-identified", **{key: result[key] for key in _AUDITED if key in result})
    return result


def purge(workspace: Workspace) -> int:
    """Overwrite and delete the vault with everything that SQLite keeps beside it.

    On flash storage and copy-on-write file systems an overwritten block may survive; only an encrypted disk helps
    there.

    Returns:
        The number of files destroyed.

    Raises:
        Refusal: the work is going on, or a file cannot be destroyed.
    """
    if job(workspace).status() == RUNNING:
        raise Refusal("De-identification is running; stop it first.")
    destroyed = 0
    for path in sorted(workspace.path.glob(f"{workspace.vault_path.name}*")):
        try:
            vault.destroy(path)
        except OSError as error:
            raise Refusal(f"Cannot destroy {path}: {error.strerror}; close what uses it and try again.") from error
        destroyed += 1
    workspace.audit("vault destroyed", files=destroyed)
    return destroyed


def secure(workspace: Workspace, secret: bytes | None) -> None:
    """Encrypt the vault, or with None store it unencrypted; see `vault.rewrite`.

    Raises:
        Refusal: the work is going on, or the vault cannot be rewritten.
    """
    if job(workspace).status() == RUNNING:
        raise Refusal("De-identification is running; stop it first, or wait until it has finished.")
    vault.rewrite(workspace, secret)
    workspace.audit("vault encrypted" if secret is not None else "vault stored unencrypted")


def run(workspace: Workspace, progress: Progress = silent) -> dict[str, Any]:
    """De-identify all reports; doubts are replaced unless the practice chose to decide about each.

    Answers: `profile`, `replacement` and `policies` (see `profile.chosen_profile`), `doubts` ("redact" or "review").

    Raises:
        Refusal: there are no reports, or the work failed.
    """
    return accept(workspace, begin(workspace).follow(progress))
