"""A practice that has done every step, with the same figures on every machine."""

import math
from pathlib import Path

from medtui import assets, journal
from medtui.training import recipe as recipes
from medtui.workspace import STEPS, Workspace

RUN = "20260101-090000-abcd"
STEPS_OF_RUN = 240


def finished_practice(folder: Path) -> Workspace:
    """Create it."""
    workspace = Workspace.create(folder, "Northside Imaging")
    workspace.save_answer("model", "model", "demo")
    adapter = workspace.runs / RUN / "adapter"
    results: dict[str, dict[str, object]] = {
        "machine": {
            "gpu": "none", "gpus": [], "ram_available": 12 << 30, "ram_total": 16 << 30, "cores": 8,
            "disk_free": 1 << 36, "mode_note": "Works in demo mode.", "logout_note": "Work goes on.",
            "problems": [],
        },
        "model": {"model": "demo", "path": str(assets.path("demo_model")), "parameters": 2_000_000},
        "reports": {"documents": 352, "patients": 155, "formats": {"pdf": 64, "hl7v2": 45}, "warnings": []},
        "deid": {
            "documents": 352, "identifiers_found": 3690, "known_identifiers_left": 0, "reviews_open": 0,
            "doubts_redacted": 12, "by_category": {"NAME": 947, "DATE": 614, "MRN": 248},
        },
        "examples": {
            "train": 1259, "validation": 135, "test": 134, "excluded": {"no_task": 13}, "pairs_excluded": {},
            "tokens": {"median": 219, "longest": 381, "over_limit": 3}, "tasks": {"findings_to_impression": 78},
        },
        "training": {
            "run": RUN, "steps": STEPS_OF_RUN, "adapter": str(adapter), "quantization": "nf4", "train_loss_first": 5.45,
            "train_loss_last": 1.22, "validation_loss_first": 5.1, "validation_loss_best": 1.87,
        },
        "evaluation": {
            "base": {"loss": 4.948, "perplexity": 140.89}, "tuned": {"loss": 1.864, "perplexity": 6.45}, "items": 134,
            "outcome": "better", "verdict": "Better on 134 held-out examples of other patients.", "run": RUN,
        },
        "chat": {"questions": 3, "base_in_form": 0, "tuned_in_form": 3},
        "export": {"adapter": "/practice/exports/adapter", "merged": "/practice/exports/merged"},
    }  # fmt: skip
    for step in STEPS:
        workspace.finish(step, results[step])
    _run(workspace)
    return workspace


def _run(workspace: Workspace) -> None:
    folder = workspace.runs / RUN
    (folder / "adapter").mkdir(parents=True)
    recipe = recipes.Recipe(str(assets.path("demo_model")), str(workspace.dataset))
    recipes.save(recipe, folder / "recipe.toml")
    path = folder / "events.jsonl"
    journal.append(path, {"event": "start", "pid": 1})
    for step in range(1, STEPS_OF_RUN + 1):
        loss = 1.2 + 4 * math.exp(-step / 60) + 0.3 * math.sin(step * 1.7)
        event = {"event": "step", "step": step, "total": STEPS_OF_RUN, "loss": round(loss, 4), "learning_rate": 1e-4}
        journal.append(path, event)
        if step % 24 == 0:
            journal.append(
                path, {"event": "evaluation", "step": step, "loss": round(1.6 + 4 * math.exp(-step / 60), 4)}
            )
    journal.append(path, {"event": "end", "status": "finished", "result": workspace.result("training")})
