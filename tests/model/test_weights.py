"""Headers of safetensors files: read without the data, damaged ones refused."""

from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from medtui.errors import Refusal
from medtui.model import weights
from tests.model.conftest import shapes, write_safetensors


def test_names_and_shapes_are_read(tmp_path: Path) -> None:
    path = tmp_path / "model.safetensors"
    write_safetensors(path, shapes())
    assert {tensor.name: tensor.shape for tensor in weights.read(path)} == shapes()


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=200, deadline=None)
@given(data=st.data())
def test_a_file_cut_or_changed_anywhere_is_read_or_refused(tmp_path: Path, data: st.DataObject) -> None:
    path = tmp_path / "model.safetensors"
    write_safetensors(path, {"a.weight": (3, 4), "b.bias": (2,)})
    content = bytearray(path.read_bytes())
    if data.draw(st.booleans()):
        content = content[: data.draw(st.integers(0, len(content) - 1))]
        path.write_bytes(content)
        with pytest.raises(Refusal):
            weights.read(path)
        return
    position = data.draw(st.integers(0, len(content) - 1))
    content[position] = data.draw(st.integers(0, 255))
    path.write_bytes(content)
    try:
        found = weights.read(path)
    except Refusal:
        return
    assert all(tensor.size >= 0 for tensor in found)


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(content=st.binary(max_size=200))
def test_any_bytes_are_read_or_refused(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "model.safetensors"
    path.write_bytes(content)
    try:
        weights.read(path)
    except Refusal as refusal:
        assert "copy or download it again" in str(refusal)  # noqa: PT017


def test_a_header_longer_than_the_format_allows_is_not_read(tmp_path: Path) -> None:
    path = tmp_path / "model.safetensors"
    path.write_bytes((2**62).to_bytes(8, "little") + b"{}")
    with pytest.raises(Refusal, match="impossible length"):
        weights.read(path)
