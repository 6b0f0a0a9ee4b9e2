"""The real worker with the real demo model: streaming, stopping, base beside tuned."""

import queue
from pathlib import Path
from typing import Any

import pytest

from medtui import vault
from medtui.chat import transcript
from medtui.chat.client import ChatClient, ask_both
from medtui.chat.protocol import BASE, TUNED, Sampling
from medtui.errors import Refusal
from medtui.workspace import Workspace

PROMPT = [
    {"role": "system", "content": "You draft clinical text for a clinician to check."},
    {"role": "user", "content": "Write the impression.\n\nThe lungs are clear. Small right pleural effusion."},
]


def test_base_and_tuned_stream_and_one_can_be_stopped(model: Path, adapter: Path) -> None:
    events: queue.Queue[dict[str, Any]] = queue.Queue()
    client = ChatClient(model, adapter, events.put)
    client.start()
    assert events.get() == {"ready": True, "tuned": True}
    base = client.ask(PROMPT, BASE, Sampling(max_new_tokens=12))
    endless = client.ask(PROMPT, TUNED, Sampling(max_new_tokens=8000, temperature=1.5, seed=3))
    done: dict[int, dict[str, Any]] = {}
    texts: dict[int, str] = {}
    while len(done) < 2:
        event = events.get()
        if event.get("done"):
            done[event["id"]] = event
        else:
            texts[event["id"]] = texts.get(event["id"], "") + event["text"]
            if event["id"] == endless:
                client.stop(endless)
    client.close()
    assert texts[base]
    assert done[base]["which"] == "base"
    assert 0 < done[base]["tokens"] <= 12
    assert done[endless]["tokens"] < 8000
    with pytest.raises(Refusal, match="not loaded"):
        client.ask(PROMPT, BASE, Sampling())


def test_the_same_question_twice_gives_the_same_answers(model: Path, adapter: Path) -> None:
    counted: list[tuple[int, int]] = []
    sampling = Sampling(max_new_tokens=16, temperature=0.8, seed=5)
    first, second = ask_both(model, adapter, [PROMPT, PROMPT], sampling, lambda *count: counted.append(count))
    assert first == second
    assert first[BASE] != first[TUNED]
    assert counted == [(1, 4), (2, 4), (3, 4), (4, 4)]


def test_a_folder_without_a_model_is_refused_in_a_sentence(tmp_path: Path, adapter: Path) -> None:
    with pytest.raises(Refusal, match="safetensors"):
        ask_both(tmp_path, adapter, [PROMPT], Sampling(), lambda _done, _total: None)


def test_transcripts_live_in_the_vault(workspace: Workspace) -> None:
    connection = vault.connect(workspace)
    transcript.keep(connection, "run-1", TUNED, PROMPT, Sampling(), "Small effusion.")
    assert list(transcript.transcript(connection, "run-1")) == [(TUNED, PROMPT, "Small effusion.")]
    assert list(transcript.transcript(connection, "run-2")) == []


@pytest.mark.parametrize("wrong", [{"temperature": -1}, {"top_p": 0}, {"max_new_tokens": 0}])
def test_impossible_sampling_is_refused(wrong: dict[str, Any]) -> None:
    with pytest.raises(ValueError, match="must lie"):
        Sampling(**wrong)
