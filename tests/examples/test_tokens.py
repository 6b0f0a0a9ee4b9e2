"""Our token counts are the trainer's."""

import json
import shutil
from pathlib import Path

import pytest

from medtui.errors import Refusal
from medtui.examples.tokens import ChatTokenizer, default_length

PROMPT = [
    {"role": "system", "content": "You draft."},
    {"role": "user", "content": "5 mm nodule \u2013 caf\u00e9."},
]
ANSWER = [{"role": "assistant", "content": "(1) Nodule.\nAdvice: none."}]


def test_same_ids_as_transformers(model_folder: Path, tokenizer: ChatTokenizer) -> None:
    from transformers import AutoTokenizer

    theirs = AutoTokenizer.from_pretrained(str(model_folder), local_files_only=True)
    whole = theirs.apply_chat_template([*PROMPT, *ANSWER], tokenize=True, return_dict=True)["input_ids"]
    before = theirs.apply_chat_template(PROMPT, tokenize=True, add_generation_prompt=True, return_dict=True)[
        "input_ids"
    ]
    ours = tokenizer.encode(PROMPT, ANSWER)
    assert list(ours.ids) == list(whole)
    assert ours.prompt_length == len(before)
    assert "".join(tokenizer.pieces(ours.trained)) == "(1) Nodule.\nAdvice: none.<|end|>\n"


def _changed(model_folder: Path, folder: Path, template: str | None) -> ChatTokenizer:
    shutil.copytree(model_folder, folder)
    settings = json.loads((folder / "tokenizer_config.json").read_text())
    settings["chat_template"] = template
    (folder / "tokenizer_config.json").write_text(json.dumps(settings))
    return ChatTokenizer(folder)


def test_template_that_rewrites_the_prompt_is_refused(model_folder: Path, tmp_path: Path) -> None:
    template = "{% for m in messages %}{{ loop.length }}{{ m['content'] }}{% endfor %}"
    with pytest.raises(Refusal, match="not the beginning"):
        _changed(model_folder, tmp_path / "m", template).encode(PROMPT, ANSWER)


def test_template_without_answer_is_refused(model_folder: Path, tmp_path: Path) -> None:
    with pytest.raises(Refusal, match="no token of the answer"):
        _changed(model_folder, tmp_path / "m", "{{ messages[0]['content'] }}").encode(PROMPT, ANSWER)


def test_model_without_tokenizer_is_refused(tmp_path: Path) -> None:
    with pytest.raises(Refusal, match="tokenizer"):
        ChatTokenizer(tmp_path)


def test_template_of_its_own_refusal_is_one_sentence(model_folder: Path, tmp_path: Path) -> None:
    broken = _changed(model_folder, tmp_path / "m", "{{ raise_exception('roles must alternate') }}")
    with pytest.raises(Refusal, match="cannot write our messages"):
        broken.encode(PROMPT, ANSWER)


def test_default_length_is_what_the_model_can(model_folder: Path) -> None:
    assert default_length(model_folder, demo=False) == 1024
    assert default_length(model_folder, demo=True) == 384
