"""`medtui deid rules`: the exact rule by which reports are de-identified."""

import click

from medtui.deid import rules as text_of
from medtui.deid.profile import PROFILES, chosen_profile
from medtui.options import json_option, print_result, workspace_option
from medtui.workspace import Workspace


@click.command("rules")
@workspace_option
@click.option("--profile", type=click.Choice(list(PROFILES)), help="Instead of the practice's own answers.")
@json_option
def rules(workspace: Workspace | None, profile: str | None, as_json: bool) -> None:
    """Show what becomes of each kind of identifier, and on which legal ground."""
    answers = dict(workspace.answers("deid")) if workspace is not None else {}
    if profile is not None:
        answers["profile"] = profile
    print_result(text_of.describe(chosen_profile(answers)), as_json, text_of.in_words)
