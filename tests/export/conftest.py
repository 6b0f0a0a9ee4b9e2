"""A practice with a finished training run."""

from pathlib import Path

import pytest

from medtui.training import step
from medtui.workspace import Workspace
from tests.training import tiny


@pytest.fixture(scope="session")
def trained(tmp_path_factory: pytest.TempPathFactory) -> Workspace:
    folder = tmp_path_factory.mktemp("export")
    tiny.write_model(folder / "tiny-model")
    workspace = Workspace.create(folder / "workspace", "Test practice")
    tiny.write_examples(workspace.dataset)
    workspace.save_answer("model", "model", str(folder / "tiny-model"))
    workspace.save_answer("training", "steps", 30)
    workspace.finish("examples", {"train": 32, "validation": 8, "test": 8, "tasks": {"findings_to_impression": 48}})
    step.run(workspace)
    return workspace


@pytest.fixture(scope="session")
def model_folder(trained: Workspace) -> Path:
    return Path(str(trained.answers("model")["model"]))
