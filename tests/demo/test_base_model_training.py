"""The trainer: it learns, and it carries on where it was broken off."""

import json
import os
import subprocess
import sys
from pathlib import Path

SCRIPT = """
import json, sys
from pathlib import Path
from medtui.demo.base_model import worker
from medtui.demo.base_model.muon import orthogonalised
worker.torch.set_num_threads(1)
worker.TOKENIZER_ROWS, worker.VALIDATION_ROWS, worker.TOKENS_PER_BATCH = 200, 4, 512
worker.configuration = lambda vocabulary, original=worker.configuration: worker.LlamaConfig(**{
    **original(vocabulary).to_dict(), "hidden_size": 64, "num_hidden_layers": 1, "intermediate_size": 96})
folder = Path(sys.argv[1])
run = worker.Run(7, 1.0, folder)
first = worker.answer_loss(run.model, run.held_out)
source = worker.training_batches(run.vocabulary, 8, 0.5)
for _ in range(12):
    run.step(next(source), 0.02)
run.keep()
again = worker.Run(7, 1.0, folder)
assert again.facts == run.facts, (again.facts, run.facts)
matrices = [value for value in run.model.parameters() if value.ndim == 2]
orthogonal = worker.torch.linalg.svdvals(orthogonalised(matrices[1].detach()))
print(json.dumps({
    "first": first, "last": run.facts["validation_loss"], "again": worker.answer_loss(again.model, again.held_out),
    "momentum": all(
        worker.torch.equal(a["momentum"], b["momentum"]) for a, b in
        zip(run.optimizers[0].state.values(), again.optimizers[0].state.values(), strict=True)),
    "steps": again.facts["steps"], "least": float(orthogonal.min()), "most": float(orthogonal.max()),
}))
"""


def test_it_learns_and_a_broken_off_run_is_carried_on_with_everything_it_had(tmp_path: Path) -> None:
    environment = {**os.environ, "HF_HUB_OFFLINE": "1", "OMP_NUM_THREADS": "1"}
    done = subprocess.run(
        [sys.executable, "-c", SCRIPT, str(tmp_path)], capture_output=True, text=True, env=environment, check=False
    )
    assert done.returncode == 0, done.stderr
    result = json.loads(done.stdout.splitlines()[-1])
    assert result["last"] < result["first"] - 0.5
    assert abs(result["again"] - result["last"]) < 1e-3
    assert result["momentum"]
    assert result["steps"] == 12
    assert 0.2 < result["least"] <= result["most"] < 1.5
    names = {path.name for path in tmp_path.iterdir()}
    assert {"model.safetensors", "config.json", "tokenizer.json", "README.md", "training_state.pt"} <= names
    assert not [name for name in names if name.endswith(".partial")]
