"""The same training with nothing of medtui around it: what supervision is measured against.

`python -m tests.benchmarks.bare_trl RUN OUTPUT` trains a run's recipe on TRL alone: its own checkpoints, no events.
"""

import json
import math
import sys
from pathlib import Path

import torch
from datasets import Dataset
from peft import LoraConfig
from transformers import AutoModelForCausalLM, AutoTokenizer, BitsAndBytesConfig
from trl import SFTConfig, SFTTrainer

from medtui.training import recipe as recipes

EVALUATIONS = 10


def _rows(path: Path) -> Dataset:
    lines = [json.loads(line) for line in path.read_text().splitlines()]
    return Dataset.from_list([{key: line[key] for key in ("prompt", "completion")} for line in lines])


def main(run: Path, output: Path) -> None:
    """Train as a plain script would."""
    recipe = recipes.load(run / "recipe.toml")
    torch.manual_seed(recipe.seed)
    quantization = BitsAndBytesConfig(
        load_in_4bit=True,
        bnb_4bit_quant_type="nf4",
        bnb_4bit_use_double_quant=True,
        bnb_4bit_compute_dtype=torch.float32,
    )
    model = AutoModelForCausalLM.from_pretrained(recipe.model, dtype=torch.float32, quantization_config=quantization)
    for module in model.modules():
        # The same guard as in medtui: otherwise layers drop out of the backward pass and the comparison is unfair.
        if hasattr(module, "support_avx512bf16_for_cpu"):
            module.support_avx512bf16_for_cpu = False
    every = recipe.evaluate_every or math.ceil(recipe.steps / EVALUATIONS)
    arguments = SFTConfig(
        output_dir=str(output),
        max_steps=recipe.steps,
        per_device_train_batch_size=recipe.batch,
        per_device_eval_batch_size=recipe.batch,
        gradient_accumulation_steps=recipe.accumulation,
        learning_rate=recipe.learning_rate,
        lr_scheduler_type=recipe.schedule,
        warmup_steps=max(1, round(recipe.warmup * recipe.steps)),
        bf16=False,
        use_cpu=True,
        gradient_checkpointing=recipe.checkpointing,
        seed=recipe.seed,
        max_length=recipe.max_length,
        completion_only_loss=True,
        eval_strategy="steps",
        eval_steps=every,
        eval_on_start=True,
        save_strategy="steps",
        save_steps=every,
        save_total_limit=2,
        logging_steps=1,
        report_to="none",
        disable_tqdm=True,
        prediction_loss_only=True,
        dataloader_pin_memory=False,
    )
    trainer = SFTTrainer(
        model=model,
        args=arguments,
        train_dataset=_rows(Path(recipe.dataset) / "train.jsonl"),
        eval_dataset=_rows(Path(recipe.dataset) / "validation.jsonl"),
        processing_class=AutoTokenizer.from_pretrained(recipe.model),
        peft_config=LoraConfig(
            r=recipe.rank,
            lora_alpha=recipe.alpha,
            lora_dropout=recipe.dropout,
            target_modules="all-linear",
            task_type="CAUSAL_LM",
        ),
    )
    for parameter in trainer.model.parameters():
        if parameter.requires_grad:
            parameter.data = parameter.data.float()
    trainer.train()
    trainer.save_model(str(output / "adapter"))


if __name__ == "__main__":
    main(Path(sys.argv[1]), Path(sys.argv[2]))
