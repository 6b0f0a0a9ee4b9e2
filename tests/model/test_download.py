"""Downloads against a hub on the loopback interface, and folders copied over."""

import json
import signal
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest

from medtui.errors import Refusal
from medtui.machine.survey import models_folder, survey
from medtui.model import folder, plan, resolve
from medtui.model.download import client, files
from medtui.model.memory import Settings
from tests.model.conftest import shapes, write_safetensors
from tests.model.hub_server import TOKEN, Hub, serve

ID = "some-lab/small-model"
# Beyond the library's piece of 10 MiB, so that a broken transfer leaves something to go on from.
LARGE = {**shapes(), "model.embed_tokens.weight": (200_000, 64)}


@pytest.fixture(autouse=True)
def own_data_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path / "data"))
    monkeypatch.setenv("HF_HOME", str(tmp_path / "hub-home"))
    monkeypatch.setenv("NO_PROXY", "127.0.0.1")
    monkeypatch.delenv("HF_TOKEN", raising=False)


@pytest.fixture
def hub(model_folder: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Hub]:
    (model_folder / "modeling_evil.py").write_text("raise SystemExit\n")
    (model_folder / "pytorch_model.bin").write_bytes(b"pickle")
    offered = Hub(ID, model_folder)
    with serve(offered) as address:
        monkeypatch.setenv("HF_ENDPOINT", address)
        yield offered


def test_a_cut_connection_is_taken_up_where_it_broke(hub: Hub) -> None:
    write_safetensors(hub.folder / "model.safetensors", LARGE)
    hub.cut["model.safetensors"] = 15 << 20
    told: list[tuple[int, int]] = []
    result = client.fetch(ID, lambda done, total, _message: told.append((done, total)))
    assert any(asked and asked.startswith("bytes=") for _, path, asked in hub.requests if path.endswith(".safetensors"))
    target = Path(result["path"])
    assert target == resolve.resolve(ID)
    assert folder.check(target).parameters == folder.check(hub.folder).parameters
    assert files.verify(target) == 4
    assert not (target / "modeling_evil.py").exists()
    assert not (target / "pytorch_model.bin").exists()
    assert result["left_out"] == 2
    assert max(done for done, _ in told) <= max(total for _, total in told)
    assert not client.job(ID).folder.exists()


def test_a_killed_download_goes_on_when_asked_again(hub: Hub) -> None:
    write_safetensors(hub.folder / "model.safetensors", LARGE)
    release = hub.hold["model.safetensors"] = threading.Event()
    outcome: list[BaseException] = []

    def download() -> None:
        try:
            client.fetch(ID)
        except Refusal as refusal:
            outcome.append(refusal)

    thread = threading.Thread(target=download)
    thread.start()
    assert hub.reached.wait(60)
    pause, partial = threading.Event(), client.job(ID).folder
    while not any(path.stat().st_size for path in partial.rglob("*.partial")):
        pause.wait(0.02)
    client.job(ID).signal(signal.SIGKILL)
    thread.join(60)
    release.set()
    assert "lost" in str(outcome[0])
    assert not resolve.download_folder(ID).exists()
    assert resolve.locate(ID) is None
    hub.requests.clear()
    client.fetch(ID)
    assert any(asked for _, path, asked in hub.requests if path.endswith(".safetensors"))
    assert folder.check(resolve.resolve(ID)).chat_template


def test_a_gated_model_says_how_to_get_in_and_the_token_is_stored_nowhere(hub: Hub, tmp_path: Path) -> None:
    hub.gated = True
    with pytest.raises(Refusal, match="gated: open its page"):
        client.fetch(ID)
    client.fetch(ID, token=TOKEN)
    assert resolve.resolve(ID).is_dir()
    for path in tmp_path.rglob("*"):
        assert not path.is_file() or TOKEN.encode() not in path.read_bytes()


def test_a_model_with_program_code_is_refused_before_its_weights_are_fetched(hub: Hub) -> None:
    config = hub.folder / "config.json"
    config.write_text(json.dumps({**json.loads(config.read_text()), "auto_map": {"AutoModel": "modeling_evil.Evil"}}))
    with pytest.raises(Refusal, match="never runs"):
        client.fetch(ID)
    assert not any(path.endswith(".safetensors") for method, path, _ in hub.requests if method == "GET")


def test_a_model_that_does_not_fit_on_the_disk_is_refused_before_its_weights_are_fetched(hub: Hub) -> None:
    hub.lies["model.safetensors"] = 10**17
    with pytest.raises(Refusal, match="GiB more on this disk"):
        client.fetch(ID)
    assert not any(path.endswith(".safetensors") for method, path, _ in hub.requests if method == "GET")


def test_damaged_weights_are_noticed_removed_and_fetched_anew(hub: Hub) -> None:
    hub.spoiled.add("model.safetensors")
    with pytest.raises(Refusal, match="arrived damaged"):
        client.fetch(ID)
    assert resolve.locate(ID) is None
    client.fetch(ID)
    assert files.verify(resolve.resolve(ID)) == 4


def test_names_that_leave_the_folder_are_never_written(hub: Hub, tmp_path: Path) -> None:
    hub.extra = ["../../escaped.json", "sub/config.json", "/etc/passwd"]
    client.fetch(ID)
    assert not list(tmp_path.rglob("escaped.json"))


def test_a_description_alone_is_enough_for_a_plan(hub: Hub) -> None:
    client.fetch(ID, config_only=True)
    assert not any(path.endswith(".safetensors") for method, path, _ in hub.requests if method == "GET")
    assert resolve.locate(ID) is None
    assert plan.plan(ID, survey(), Settings(sequence_length=256), vram_gib=4)["params"] == 80_448


def test_an_unknown_name_is_one_sentence(hub: Hub) -> None:
    with pytest.raises(Refusal, match="knows no other-lab/nothing"):
        client.fetch("other-lab/nothing")


def test_without_a_hub_the_offline_way_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HF_ENDPOINT", "http://127.0.0.1:9")
    with pytest.raises(Refusal, match=r"connection to the hub failed .*--from"):
        client.fetch(ID)


@pytest.mark.parametrize("reference", ["../../etc", "a/b/c", "http://example.org/x", "-x/y", ""])
def test_names_that_are_no_hub_ids_are_refused_without_a_connection(reference: str) -> None:
    with pytest.raises(Refusal, match="no model name"):
        client.fetch(reference)


def test_a_folder_is_copied_over_and_its_checksums_compared(model_folder: Path) -> None:
    (model_folder / files.CHECKSUMS).write_text(files.checksums(model_folder))
    result = client.take_over(model_folder, "Qwen/Qwen3-8B")
    assert result["compared"] == 4
    assert resolve.resolve("Qwen/Qwen3-8B") == Path(result["path"])
    with pytest.raises(Refusal, match="is there already"):
        client.take_over(model_folder, "Qwen/Qwen3-8B")


def test_a_folder_that_differs_from_its_checksums_is_not_copied(model_folder: Path) -> None:
    (model_folder / files.CHECKSUMS).write_text(files.checksums(model_folder))
    (model_folder / "tokenizer_config.json").write_text('{"chat_template": "changed"}')
    with pytest.raises(Refusal, match="differs from its checksum"):
        client.take_over(model_folder)
    assert not models_folder().exists()


def test_only_weights_as_safetensors_and_texts_are_taken() -> None:
    taken = ["model-00001-of-00030.safetensors", "tokenizer.json", "LICENSE", "README.md"]
    left = ["modeling_x.py", "pytorch_model.bin", "model.gguf", "a/config.json", "../config.json", "adapter.pt"]
    assert all(files.wanted(name) for name in taken)
    assert not any(files.wanted(name) for name in left)
