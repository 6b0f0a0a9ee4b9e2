"""A Llama of a few thousand random weights with its own tokenizer, and examples that it can learn in seconds."""

import json
import random
from pathlib import Path
from typing import Any

TEMPLATE = (
    "{% for message in messages %}<|{{ message['role'] }}|>{{ message['content'] }}<|end|>{% endfor %}"
    "{% if add_generation_prompt %}<|assistant|>{% endif %}"
)
SYSTEM = "You draft clinical text for a clinician to check."
FINDINGS = ("small effusion", "clear lungs", "normal heart", "old fracture", "mild oedema", "no pneumothorax")


def example(number: int) -> dict[str, Any]:
    source = random.Random(number)
    chosen = source.sample(FINDINGS, source.randint(1, 3))
    answer = "\n".join(f"({index}) {finding}." for index, finding in enumerate(chosen, start=1))
    return {
        "prompt": [
            {"role": "system", "content": SYSTEM},
            {"role": "user", "content": "Write the impression.\n\n" + ", ".join(chosen) + "."},
        ],
        "completion": [{"role": "assistant", "content": answer + "\nAdvice: none."}],
        "meta": {"task": "findings_to_impression", "document_id": f"{number:016x}", "section_kinds": []},
    }


def write_examples(folder: Path, train: int = 32, validation: int = 8, test: int = 8) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    begin = 0
    for name, count in (("train", train), ("validation", validation), ("test", test)):
        rows = [example(number) for number in range(begin, begin + count)]
        (folder / f"{name}.jsonl").write_text("".join(json.dumps(row) + "\n" for row in rows))
        begin += count


def write_model(folder: Path) -> None:
    import torch
    from tokenizers import Tokenizer, decoders, models, pre_tokenizers, trainers
    from transformers import LlamaConfig, LlamaForCausalLM, PreTrainedTokenizerFast

    tokenizer = Tokenizer(models.BPE())
    tokenizer.pre_tokenizer = pre_tokenizers.ByteLevel(add_prefix_space=False)
    tokenizer.decoder = decoders.ByteLevel()
    special = ["<|pad|>", "<|end|>", "<|system|>", "<|user|>", "<|assistant|>"]
    trainer = trainers.BpeTrainer(
        vocab_size=400, special_tokens=special, initial_alphabet=pre_tokenizers.ByteLevel.alphabet()
    )
    tokenizer.train_from_iterator((json.dumps(example(number)) for number in range(50)), trainer)
    wrapped = PreTrainedTokenizerFast(tokenizer_object=tokenizer, eos_token="<|end|>", pad_token="<|pad|>")  # noqa: S106
    wrapped.chat_template = TEMPLATE
    torch.manual_seed(0)
    config = LlamaConfig(
        vocab_size=len(wrapped),
        hidden_size=64,
        intermediate_size=128,
        num_hidden_layers=2,
        num_attention_heads=4,
        num_key_value_heads=2,
        max_position_embeddings=512,
        eos_token_id=wrapped.eos_token_id,
        pad_token_id=wrapped.pad_token_id,
        tie_word_embeddings=False,
    )
    LlamaForCausalLM(config).save_pretrained(folder)
    wrapped.save_pretrained(folder)
