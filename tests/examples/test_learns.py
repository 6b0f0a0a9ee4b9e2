"""What the model learns, as shown and as TRL trains it."""

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from medtui.errors import Refusal
from medtui.examples.learns import histogram, lesson
from medtui.examples.tokens import ChatTokenizer
from tests.examples.test_tokens import ANSWER, PROMPT, _changed

ROW = {"prompt": PROMPT, "completion": ANSWER}


def test_prompt_is_read_and_answer_with_its_end_is_learned(tokenizer: ChatTokenizer) -> None:
    shown = lesson(ROW, tokenizer)
    assert [part.trained for part in shown.stretches] == [False, True]
    assert shown.stretches[1].text == "(1) Nodule.\nAdvice: none.<|end|>\n"
    assert shown.stretches[0].text.endswith("<|assistant|>\n")
    assert "<|end|>" in shown.last


def test_an_end_that_is_not_learned_is_a_hard_stop(model_folder: Path, tmp_path: Path) -> None:
    template = (
        "{% for m in messages %}<|{{ m['role'] }}|>{{ m['content'] }}{% endfor %}"
        "{% if add_generation_prompt %}<|assistant|>{% endif %}"
    )
    with pytest.raises(Refusal, match="never stop"):
        lesson(ROW, _changed(model_folder, tmp_path / "m", template))


def test_trl_trains_exactly_the_tokens_shown(model_folder: Path, tokenizer: ChatTokenizer, tmp_path: Path) -> None:
    from datasets import Dataset
    from transformers import AutoTokenizer, LlamaConfig, LlamaForCausalLM
    from trl import SFTConfig, SFTTrainer

    theirs = AutoTokenizer.from_pretrained(str(model_folder), local_files_only=True)
    config = LlamaConfig(
        vocab_size=len(theirs), hidden_size=16, intermediate_size=16, num_hidden_layers=1, num_attention_heads=2
    )
    rows = [
        ROW,
        {"prompt": PROMPT, "completion": [{"role": "assistant", "content": "  Caf\u00e9 \u2265 5\n\n"}]},
        {"prompt": [*PROMPT[:1], {"role": "user", "content": "x\n\ny "}], "completion": ANSWER},
    ]
    trainer = SFTTrainer(
        model=LlamaForCausalLM(config),
        args=SFTConfig(output_dir=str(tmp_path), max_length=512, use_cpu=True, report_to="none", bf16=False),
        train_dataset=Dataset.from_list(rows),
        processing_class=theirs,
    )
    batch = trainer.data_collator(list(trainer.train_dataset))
    for labels, row in zip(batch["labels"].tolist(), rows, strict=True):
        assert tuple(label for label in labels if label != -100) == lesson(row, tokenizer).trained_ids


@given(st.lists(st.integers(1, 5000), max_size=50), st.integers(16, 4096))
def test_histogram_counts_every_example(lengths: list[int], limit: int) -> None:
    bars = histogram(lengths, limit)
    assert sum(bar["examples"] for bar in bars) == len(lengths)
    assert bars[-1]["examples"] == sum(length > limit for length in lengths)
