"""Text that attacks the terminal or the screen, and a practice whose every part holds it."""

import json
from pathlib import Path

from medtui import assets, journal
from medtui.training import defaults
from medtui.training import recipe as recipes
from medtui.workspace import STEPS, Workspace
from tests.training import tiny

ATTACKS = (
    "\x1b]0;pwned\x07",
    "\x1b]52;c;cHduZWQ=\x07",
    "\x1b[2J\x1b[31m",
    "\x1bP1$r0m\x1b\\",
    "\x9b2J\x9d0;pwned\x9c",
    "[@click=app.leave]click[/]",
    "[/]",
    "[bold",
    "[link=https://example.org]x[/link]",
    "\u202eesrever\u202c\u2066x\u2069",
    "\u200b\ufeff\u00ad\ue0b0",
    "\r\x08\x08\x00",
)
ATTACK = " ".join(ATTACKS)


def practice(folder: Path) -> Workspace:
    """Create a practice that has done every step, with attacks wherever outside text can stand."""
    workspace = Workspace.create(folder, f"North {ATTACK}")
    tiny.write_examples(workspace.dataset)
    rows = [json.loads(line) for line in (workspace.dataset / "test.jsonl").read_text().splitlines()]
    for row in rows:
        row["prompt"][-1]["content"] += ATTACK
    (workspace.dataset / "test.jsonl").write_text("".join(json.dumps(row) + "\n" for row in rows))
    model, adapter = assets.path("demo_model"), workspace.runs / "r1" / "adapter"
    results: dict[str, dict[str, object]] = {
        "machine": {
            "gpu": "g", "gpus": [{"uuid": "g", "name": ATTACK, "free_bytes": 1 << 34}], "ram_available": 1 << 34,
            "ram_total": 1 << 34, "disk_free": 1 << 34, "cores": 2, "mode_note": ATTACK, "logout_note": ATTACK,
            "problems": [ATTACK],
        },
        "model": {"model": ATTACK, "path": str(model), "parameters": 1},
        "reports": {"documents": 1, "patients": 1, "formats": {ATTACK: 1}, "warnings": [ATTACK], "already_known": 0},
        "deid": {"documents": 1, "identifiers_found": 1, "by_category": {ATTACK: 1}, "doubts_redacted": 1},
        "examples": {"train": 32, "validation": 8, "test": 8, "excluded": {ATTACK: 1}, "tasks": {ATTACK: 1}},
        "training": {"run": "r1", "steps": 1, "adapter": str(adapter), "quantization": "nf4"},
        "evaluation": {
            "base": {"loss": 2.0, "perplexity": 7.4}, "tuned": {"loss": 1.0, "perplexity": 2.7}, "items": 8,
            "outcome": "better", "verdict": ATTACK, "run": "r1",
        },
        "chat": {"questions": 1},
        "export": {"adapter": str(adapter) + ATTACK, "merged": ATTACK},
    }  # fmt: skip
    for step in STEPS:
        workspace.finish(step, results[step])
    workspace.save_answer("reports", "paths", [str(workspace.path / ATTACK.replace("/", "").replace("\x00", ""))])
    workspace.finish("reports", results["reports"])
    for step in STEPS[3:]:
        workspace.finish(step, results[step])
    _run(workspace, model)
    return workspace


def _run(workspace: Workspace, model: Path) -> None:
    folder = workspace.runs / "r1"
    (folder / "adapter").mkdir(parents=True)
    recipes.save(recipes.Recipe(str(model), str(workspace.dataset)), folder / "recipe.toml")
    for event in (
        {"event": "start", "pid": 1},
        {"event": "phase", "phase": "train", "message": ATTACK},
        {"event": "step", "step": 1, "total": 9, "loss": 2.0, "learning_rate": 1e-4},
        {"event": "warning", "message": ATTACK},
        {"event": "end", "status": "failed", "reason": ATTACK},
    ):
        journal.append(folder / "events.jsonl", event)
    assert defaults.parameter_count(model) > 0
