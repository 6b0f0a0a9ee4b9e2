"""A model without a chat template gets a named standard one, the same wherever messages are written."""

import json
import shutil
from pathlib import Path

import pytest
from tokenizers import AddedToken, Tokenizer
from tokenizers.processors import TemplateProcessing

from medtui.errors import Refusal
from medtui.examples import chat_template
from medtui.examples.tokens import ChatTokenizer
from tests.examples.test_tokens import ANSWER, PROMPT

MARKS = {
    "ChatML": ("<|im_end|>", "<|im_start|>"),
    "Llama 3": ("<|eot_id|>", "<|start_header_id|>", "<|end_header_id|>"),
    "Alpaca": ("</s>",),
}


def _bare(model_folder: Path, folder: Path, marks: tuple[str, ...], begin: str = "") -> Path:
    """Copy the model without its template, ending its texts with the first mark."""
    shutil.copytree(model_folder, folder)
    tokenizer = Tokenizer.from_file(str(folder / "tokenizer.json"))
    tokenizer.add_special_tokens([AddedToken(mark, special=True) for mark in (*marks, *([begin] if begin else []))])
    if begin:
        number = tokenizer.token_to_id(begin)
        tokenizer.post_processor = TemplateProcessing(single=f"{begin} $A", special_tokens=[(begin, number)])
    tokenizer.save(str(folder / "tokenizer.json"))
    settings = {"eos_token": marks[0], "pad_token": marks[0], "tokenizer_class": "PreTrainedTokenizerFast"}
    if begin:
        settings["bos_token"] = begin
    (folder / "tokenizer_config.json").write_text(json.dumps(settings))
    return folder


@pytest.mark.parametrize("name", MARKS)
@pytest.mark.parametrize("begin", ["", "<s>"])
def test_trainer_and_counter_write_the_same(model_folder: Path, tmp_path: Path, name: str, begin: str) -> None:
    from medtui.training.loading import load_tokenizer

    folder = _bare(model_folder, tmp_path / "bare", MARKS[name], begin)
    ours, theirs = ChatTokenizer(folder), load_tokenizer(folder)
    assert (ours.chat_template.name, ours.chat_template.standard) == (name, True)
    assert name in ours.chat_template.consequence
    assert theirs.chat_template == ours.chat_template.text
    encoded = ours.encode(PROMPT, ANSWER)
    whole = theirs.apply_chat_template([*PROMPT, *ANSWER], tokenize=True, return_dict=True)["input_ids"]
    assert list(encoded.ids) == list(whole)
    assert ours.text(encoded.trained).strip().endswith(MARKS[name][0])
    assert (whole[0] == theirs.convert_tokens_to_ids("<s>")) is bool(begin)
    before = theirs.apply_chat_template(PROMPT, tokenize=True, add_generation_prompt=True, return_dict=True)
    assert list(encoded.ids[: encoded.prompt_length]) == list(before["input_ids"])


def test_export_writes_the_standard_template(model_folder: Path, tmp_path: Path) -> None:
    from medtui.training.loading import load_tokenizer

    folder = _bare(model_folder, tmp_path / "bare", MARKS["Alpaca"])
    load_tokenizer(folder).save_pretrained(tmp_path / "exported")
    exported = chat_template.of(tmp_path / "exported")
    assert not exported.standard
    assert exported.text == chat_template.of(folder).text


def test_a_template_of_its_own_is_used(tokenizer: ChatTokenizer) -> None:
    assert (tokenizer.chat_template.name, tokenizer.chat_template.consequence) == ("own", "")


def test_without_an_end_of_text_there_is_no_template(model_folder: Path, tmp_path: Path) -> None:
    folder = _bare(model_folder, tmp_path / "bare", ("</s>",))
    (folder / "tokenizer_config.json").write_text("{}")
    with pytest.raises(Refusal, match="no end-of-text token"):
        chat_template.of(folder)


def test_marks_without_their_end_are_not_used(model_folder: Path, tmp_path: Path) -> None:
    folder = _bare(model_folder, tmp_path / "bare", ("</s>", "<|im_start|>", "<|im_end|>"))
    assert chat_template.of(folder).name == "Alpaca"


def test_generation_settings_name_an_end_too(model_folder: Path, tmp_path: Path) -> None:
    folder = tmp_path / "model"
    shutil.copytree(model_folder, folder)
    settings = json.loads((folder / "tokenizer_config.json").read_text())
    (folder / "tokenizer_config.json").write_text(json.dumps({**settings, "eos_token": "<|system|>"}))
    with pytest.raises(Refusal, match="never stop"):
        ChatTokenizer(folder).encode(PROMPT[1:], ANSWER)
    number = Tokenizer.from_file(str(folder / "tokenizer.json")).token_to_id("<|end|>")
    (folder / "generation_config.json").write_text(json.dumps({"eos_token_id": [number]}))
    assert ChatTokenizer(folder).encode(PROMPT[1:], ANSWER).trained
