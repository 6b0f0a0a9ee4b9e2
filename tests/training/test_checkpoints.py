"""Checkpoints count only when every byte of them is there."""

from pathlib import Path

import pytest

from medtui.training import checkpoints


def _save(folder: Path, step: int, weights: bytes = b"weights") -> checkpoints.Checkpoint:
    staged = checkpoints.staging(folder, step) / f"checkpoint-{step}"
    staged.mkdir(parents=True)
    (staged / "adapter_model.safetensors").write_bytes(weights)
    (staged / "optimizer.pt").write_bytes(b"moments")
    return checkpoints.seal(folder, step)


def test_the_newest_whole_checkpoint_is_found(tmp_path: Path) -> None:
    _save(tmp_path, 9)
    newest = _save(tmp_path, 10)
    assert checkpoints.newest_whole(tmp_path) == (newest, [])
    assert [path.name for path in sorted(tmp_path.iterdir())] == ["checkpoint-10", "checkpoint-9"]


def _truncate(folder: Path) -> None:
    (folder / "optimizer.pt").write_bytes(b"mom")


def _flip(folder: Path) -> None:
    (folder / "adapter_model.safetensors").write_bytes(b"weighty")


def _remove(folder: Path) -> None:
    (folder / "optimizer.pt").unlink()


def _empty_manifest(folder: Path) -> None:
    (folder / checkpoints.MANIFEST).write_bytes(b"")


def _no_manifest(folder: Path) -> None:
    (folder / checkpoints.MANIFEST).unlink()


@pytest.mark.parametrize(
    ("damage", "sentence"),
    [
        (_truncate, "optimizer.pt in checkpoint-8 is cut off or grown."),
        (_flip, "adapter_model.safetensors in checkpoint-8 is damaged (its hash differs)."),
        (_remove, "optimizer.pt is missing in checkpoint-8."),
        (_empty_manifest, "checkpoint-8 cannot be read."),
        (_no_manifest, "manifest.json is missing in checkpoint-8."),
    ],
)
def test_a_damaged_checkpoint_is_passed_over_and_told(tmp_path: Path, damage: object, sentence: str) -> None:
    older = _save(tmp_path, 4)
    newest = _save(tmp_path, 8)
    assert callable(damage)
    damage(newest.folder)
    assert checkpoints.newest_whole(tmp_path) == (older, [sentence])


def test_a_copy_under_another_step_does_not_count(tmp_path: Path) -> None:
    _save(tmp_path, 4).folder.rename(tmp_path / "checkpoint-40")
    assert checkpoints.newest_whole(tmp_path) == (None, ["checkpoint-40 carries the manifest of another step."])


def test_order_follows_the_step_not_the_clock(tmp_path: Path) -> None:
    import os

    for step in (2, 4, 6, 8):
        os.utime(_save(tmp_path, step).folder, (10_000 - step, 10_000 - step))
    checkpoints.keep_only(tmp_path, [2])
    assert [one.step for one in checkpoints.found(tmp_path)] == [2, 6, 8]


def test_saving_a_step_again_replaces_it(tmp_path: Path) -> None:
    _save(tmp_path, 4)
    again = _save(tmp_path, 4, b"other weights")
    assert (again.folder / "adapter_model.safetensors").read_bytes() == b"other weights"
    assert checkpoints.problem(again) == ""


def test_what_killed_saves_left_is_swept_and_a_replaced_checkpoint_comes_back(tmp_path: Path) -> None:
    (checkpoints.staging(tmp_path, 6) / "checkpoint-6").mkdir(parents=True)
    whole = _save(tmp_path, 4)
    whole.folder.rename(tmp_path / ".replaced-4")
    checkpoints.sweep(tmp_path)
    assert [path.name for path in tmp_path.iterdir()] == ["checkpoint-4"]
    assert checkpoints.problem(whole) == ""
