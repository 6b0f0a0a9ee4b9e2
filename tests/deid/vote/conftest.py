"""Two models that were really trained, for seconds, on sentences with names that begin with a small letter."""

import random
from pathlib import Path

import pytest

NAMES = ("quillon", "braxby", "tolverd", "meskine", "orlath", "vandry", "hespel", "kirrow")
FRAMES = (
    "seen with {} today .",
    "spoke to {} on the phone .",
    "{} was present and asked for the result .",
    "the plan was agreed with {} and the family .",
    "no effusion and no consolidation .",
    "the patient walks with a stick .",
    "seen with the relatives today .",
    "mild pain in the left knee and cough .",
)


def sentences(count: int) -> list[tuple[str, tuple[int, int] | None]]:
    """Make sentences and the range of the name in each."""
    chance = random.Random(7)
    made: list[tuple[str, tuple[int, int] | None]] = []
    for number in range(count):
        frame, name = FRAMES[number % len(FRAMES)], chance.choice(NAMES)
        at = frame.find("{}")
        made.append((frame.format(name), (at, at + len(name)) if at >= 0 else None))
    return made


@pytest.fixture(scope="session")
def bert(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A BERT of two small layers with the labels of i2b2, as safetensors."""
    import torch
    from tokenizers import Tokenizer, models, normalizers, pre_tokenizers, processors
    from transformers import BertConfig, BertForTokenClassification, PreTrainedTokenizerFast

    rows = sentences(160)
    words = sorted({word for text, _ in rows for word in text.split()})
    vocabulary = {word: index for index, word in enumerate(["[PAD]", "[UNK]", "[CLS]", "[SEP]", *words])}
    special = dict(zip(("pad_token", "unk_token", "cls_token", "sep_token"), vocabulary, strict=False))
    raw = Tokenizer(models.WordLevel(vocabulary, unk_token=special["unk_token"]))
    raw.normalizer, raw.pre_tokenizer = normalizers.Lowercase(), pre_tokenizers.BertPreTokenizer()
    raw.post_processor = processors.TemplateProcessing("[CLS] $A [SEP]", None, [("[CLS]", 2), ("[SEP]", 3)])
    tokenizer = PreTrainedTokenizerFast(tokenizer_object=raw, model_max_length=64, **special)
    labels = {0: "O", 1: "B-PATIENT", 2: "B-PROFESSION"}
    torch.manual_seed(1)
    config = BertConfig(
        vocab_size=len(vocabulary), hidden_size=32, num_hidden_layers=2, num_attention_heads=2, intermediate_size=64,
        max_position_embeddings=66, id2label=labels, label2id={label: index for index, label in labels.items()},
        hidden_dropout_prob=0.0, attention_probs_dropout_prob=0.0,
    )  # fmt: skip
    model = BertForTokenClassification(config)
    batch = tokenizer([text for text, _ in rows], padding=True, return_tensors="pt", return_offsets_mapping=True)
    offsets = batch.pop("offset_mapping").tolist()
    gold = torch.tensor(
        [
            [int(name is not None and start == name[0] and end == name[1]) for start, end in line]
            for line, (_, name) in zip(offsets, rows, strict=True)
        ]
    )
    optimizer = torch.optim.AdamW(model.parameters(), lr=5e-3)
    for _ in range(40):
        loss = model(**batch, labels=gold.masked_fill(batch["attention_mask"] == 0, -100)).loss
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
    folder = tmp_path_factory.mktemp("bert")
    model.save_pretrained(folder)
    tokenizer.save_pretrained(folder)
    return folder


@pytest.fixture(scope="session")
def spacy_model(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A blank spaCy pipeline whose entity recogniser was trained."""
    import spacy
    from spacy.training import Example

    nlp = spacy.blank("en")
    nlp.add_pipe("ner").add_label("PERSON")
    examples = [
        Example.from_dict(nlp.make_doc(text), {"entities": [(*name, "PERSON")] if name else []})
        for text, name in sentences(48)
    ]
    spacy.util.fix_random_seed(1)
    optimizer = nlp.initialize(lambda: examples)
    for _ in range(12):
        for batch in spacy.util.minibatch(examples, 8):
            nlp.update(batch, sgd=optimizer)
    folder = tmp_path_factory.mktemp("spacy")
    nlp.to_disk(folder)
    return folder
