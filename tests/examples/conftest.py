"""A small tokenizer with a chat template, and reports as the de-identification step hands them over."""

import json
from dataclasses import dataclass, field
from pathlib import Path

import pytest
from tokenizers import Tokenizer, decoders, models, pre_tokenizers, trainers

from medtui.examples.tokens import ChatTokenizer
from medtui.reports.document import Section

TEMPLATE = (
    "{% for message in messages %}<|{{ message['role'] }}|>\n{{ message['content'] }}<|end|>\n{% endfor %}"
    "{% if add_generation_prompt %}<|assistant|>\n{% endif %}"
)


@dataclass(frozen=True)
class Deidentified:
    """What the examples step reads of a report."""

    document_id: str
    patient_key: str
    text: str
    sections: tuple[Section, ...] = field(default=())
    format: str = "text"
    title: str = ""


@pytest.fixture(scope="session")
def model_folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with a byte-level BPE tokenizer and a chat template, as a model has them."""
    folder = tmp_path_factory.mktemp("tokenizer")
    tokenizer = Tokenizer(models.BPE())
    tokenizer.pre_tokenizer = pre_tokenizers.ByteLevel(add_prefix_space=False)
    tokenizer.decoder = decoders.ByteLevel()
    special = ["<|end|>", "<|system|>", "<|user|>", "<|assistant|>"]
    trainer = trainers.BpeTrainer(
        vocab_size=400, special_tokens=special, initial_alphabet=pre_tokenizers.ByteLevel.alphabet()
    )
    tokenizer.train_from_iterator(
        ["Findings: the heart is normal in size. No effusion.", "Impression: normal."], trainer
    )
    tokenizer.save(str(folder / "tokenizer.json"))
    settings = {"eos_token": "<|end|>", "pad_token": "<|end|>", "chat_template": TEMPLATE}
    (folder / "tokenizer_config.json").write_text(
        json.dumps({**settings, "tokenizer_class": "PreTrainedTokenizerFast"})
    )
    (folder / "config.json").write_text(json.dumps({"max_position_embeddings": 1024, "model_type": "llama"}))
    return folder


@pytest.fixture(scope="session")
def tokenizer(model_folder: Path) -> ChatTokenizer:
    """The chat tokenizer of that folder."""
    return ChatTokenizer(model_folder)


def radiology(number: int, patient: str, size: int = 12) -> Deidentified:
    """A chest report whose impression is supported by its findings."""
    text = (
        f"CHEST RADIOGRAPH\nINDICATION: Cough for {number % 20 + 1} days.\n"
        f"FINDINGS: A nodule of {size} mm in the right upper lobe, image {number}. No pleural effusion.\n"
        f"IMPRESSION:\n(1) Nodule of {size} mm in the right upper lobe.\nAdvice: CT chest.\n"
    )
    return Deidentified(f"{number:016x}", patient, text)
