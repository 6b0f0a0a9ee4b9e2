"""Writes the demo model's card, so that its figures are always those of the weights beside it."""

from string import Template
from typing import Any

_CARD = Template("""\
---
license: apache-2.0
language: en
library_name: transformers
pipeline_tag: text-generation
---

# medtui demo base model

A very small language model that ships with medtui, so that the whole journey (training, evaluation, chat, export) can
be walked through on any machine, without a GPU and without a download. **It is a demonstration and not for clinical
use: it invents and confuses findings, sides, doses and values.**

## What it is

| | |
|---|---|
| Architecture | Llama: 6 layers, hidden size 256, intermediate size 704, 8 heads, 4 key-value heads, tied embeddings |
| Parameters | $parameters |
| Weights | bfloat16, one safetensors file of about 10 MB |
| Tokenizer | own byte-level BPE of 2,048 tokens, every digit a token of its own |
| Context | positions up to 1,024; trained on rows of up to 448 tokens |
| Chat template | system, user and assistant turns; `<|` inside a message is broken up so that it cannot end a turn |
| Language | English |

## What it was trained on

Only text that the package `medtui/demo/base_model` writes from word lists: fictional imaging findings, clinic notes,
laboratory panels and hospital stays, with answers in very many randomly drawn forms (prose, dashes, numbers, letters,
capitals, headings, labelled last lines). About a fifth of the rows are copying tasks: repeat a text, split a list,
look up a value. No report of any real person, no text from the internet and no other model's output was used.

One form was left out on purpose: items numbered `(1)`, `(2)` with a last line that begins with `Advice:`. The demo
practice writes in that form, so whatever the tuned model shows of it comes from the tuning.

It was trained from nothing, each row seen once, by this command (one thread of a shared processor):

    python -m medtui.demo.base_model.worker --seed $seed --minutes $minutes --out assets/demo_model

| | |
|---|---|
| Steps | $steps |
| Tokens seen | $tokens |
| Loss on answers of $validation_rows unseen generated rows | $validation_loss nats a token |

The text and the first weights follow from the seed. The minutes are processor time, so another machine takes another
number of steps and gives other weights of the same kind. Much of the loss that is left comes from the form of
the answer, which is drawn at random and cannot be guessed from the prompt.

## What it can do

Draft a few lines from a short input of the four kinds above, and take on a new form of writing within a few minutes of
QLoRA tuning on a processor.

## What it cannot do

- It has no medical knowledge. What it recommends as a next step is drawn from a list and is often senseless.
- It copies facts from its prompt unevenly: many are left out, some are invented, and lines are repeated.
- It swaps sides, drops findings, changes numbers and makes words up, most of all with words it has never seen.
- It does not follow instructions beyond the ones it was trained on and knows no language but this English.
- It must never be used for the care of a patient, nor as a measure of what a larger model can do.
""")


def card(facts: dict[str, Any], validation_rows: int) -> str:
    """Writes the card.

    Args:
        facts: What the training measured: `seed`, `minutes`, `steps`, `tokens`, `parameters`, `validation_loss`.
        validation_rows: How many rows the validation loss was measured on.
    """
    shown = {name: f"{facts[name]:,}" for name in ("parameters", "steps", "tokens")}
    return _CARD.substitute(
        shown,
        seed=facts["seed"],
        minutes=f"{facts['minutes']:g}",
        validation_loss=f"{facts['validation_loss']:.2f}",
        validation_rows=validation_rows,
    )
