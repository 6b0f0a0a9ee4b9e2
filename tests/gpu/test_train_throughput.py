"""The program that measures throughput walks through every case on a processor, too, with a tiny shape."""

import json

import pytest
from transformers import LlamaConfig

from tests.gpu import train_throughput


def test_every_case_is_measured_beside_a_bare_loop(capsys: pytest.CaptureFixture[str]) -> None:
    train_throughput.main(["--shape", "tiny", "--tokens", "64", "--json"])
    lines = [json.loads(line) for line in capsys.readouterr().out.splitlines() if line.startswith("{")]
    assert [(line["method"], line["tokens"]) for line in lines] == [("qlora", 64), ("lora", 64)]
    for line in lines:
        assert line["tokens_per_second"] > 0
        assert line["bare_tokens_per_second"] > 0
        assert line["peak_gib"] > 0
        assert (line["mfu"], line["ceiling_tokens_per_second"]) == (None, None)


def test_the_floor_counts_what_the_8b_shape_computes() -> None:
    config = LlamaConfig(**train_throughput.SHAPES["8b"])
    plain, again = (
        train_throughput.flops_per_token(config, train_throughput.Case("lora", 2048, checkpointing))
        for checkpointing in (False, True)
    )
    assert plain == pytest.approx(33.2e9, rel=0.05)
    assert again == pytest.approx(47.8e9, rel=0.06)
