"""A small tokenizer with a chat template, and reports as the de-identification step hands them over."""

import json
import random
from collections.abc import Iterable
from contextlib import closing
from dataclasses import dataclass, field
from pathlib import Path

import pytest
from tokenizers import Tokenizer, decoders, models, pre_tokenizers, trainers

from medtui import vault
from medtui.deid import store as deidentified
from medtui.deid.deidentify import Outcome
from medtui.examples.drafting.store import APPROVED, Draft
from medtui.examples.tokens import ChatTokenizer
from medtui.reports import store as reports_store
from medtui.reports.document import Document, KnownIdentifier, Section
from medtui.workspace import Workspace

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
    made_up: tuple[str, ...] = ()


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


_SIGHTS = (
    "Heart size is normal.", "No pleural effusion.", "Old healed rib fractures are seen.", "The trachea is central.",
    "Aortic knuckle is calcified.", "Both hila are normal.", "The diaphragm is smooth.", "No pneumothorax.",
    "Degenerative change of the spine.", "Lung volumes are low.", "A pacemaker is in place.", "Bones are osteopenic.",
    "Azygos fissure as a variant.", "Costophrenic angles are clear.", "Scoliosis convex to one side.",
)  # fmt: skip
_SITES = ("right upper", "left upper", "right lower", "left lower", "right middle")


def radiology(number: int, patient: str, size: int = 12) -> Deidentified:
    """A chest report whose impression is supported by its findings; each number another one."""
    draw = random.Random(number)
    site, sights = draw.choice(_SITES), " ".join(draw.sample(_SIGHTS, 7))
    text = (
        f"CHEST RADIOGRAPH\nINDICATION: {draw.choice(('Cough', 'Fever', 'Chest pain'))} for {number % 20 + 1} days.\n"
        f"FINDINGS: {sights} A nodule of {size} mm in the {site} lobe, image {number}.\n"
        f"IMPRESSION:\n(1) Nodule of {size} mm in the {site} lobe.\nAdvice: CT chest.\n"
    )
    return Deidentified(f"{number:016x}", patient, text)


def draft(document_id: str, question: str, answer: str) -> Draft:
    """A drafted question and answer that a person approved."""
    return Draft(1, document_id, "", question, answer, "model", "small", "", {}, APPROVED)


def hand_over(
    workspace: Workspace, reports: Iterable[Deidentified], known: tuple[KnownIdentifier, ...] = ()
) -> Workspace:
    """Put reports into the vault as the de-identification step leaves them; all know the same identifiers."""
    with closing(vault.connect(workspace)) as connection, connection:
        reports_store.prepare(connection)
        deidentified.prepare(connection)
        for number, one in enumerate(reports, start=1):
            document = Document(one.document_id, "report.txt", "", "text", "read", one.text, one.sections,
                                one.patient_key, None, one.title, known, ())  # fmt: skip
            outcome = Outcome(one.document_id, one.text, one.sections, one.title, (), 0)
            reports_store.add(connection, document)
            deidentified.save(connection, number, document, outcome, "made for a test")
    workspace.save_answer("model", "model", "demo")
    workspace.finish("deid", {"documents": number})
    return workspace
