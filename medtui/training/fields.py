"""Every setting of a training recipe: its type, what is possible, what it means, and where its default comes from."""

from dataclasses import dataclass
from typing import Any

QLORA = "Dettmers et al. 2023, QLoRA"
LORA = "Hu et al. 2021, LoRA"
TRL = "TRL documentation, SFT with adapters"
OURS = "measured with medtui's demo"


@dataclass(frozen=True)
class Field:
    """One setting.

    Attributes:
        key: its name in the recipe and among the answers.
        section: the TOML table that holds it.
        kind: `str`, `int`, `float` or `bool`.
        default: value when neither the data nor the model says better.
        title: the plain words, with the field's term after them.
        effect: what changing it does to memory, time and the model.
        source: where the default comes from.
        minimum: smallest possible number.
        maximum: largest possible number.
        choices: the only possible words, empty for any.
    """

    key: str
    section: str
    kind: type
    default: Any
    title: str
    effect: str
    source: str
    minimum: float | None = None
    maximum: float | None = None
    choices: tuple[str, ...] = ()


FIELDS: tuple[Field, ...] = (
    Field("model", "model", str, "", "Base model (folder)", "Larger models write better and need more memory.", OURS),
    Field(
        "method",
        "model",
        str,
        "qlora",
        "How the model is held in memory (method)",
        "qlora: 4-bit NF4, least memory; lora8: 8-bit; lora: 16-bit, faster where it fits; full: all weights learn, "
        "which takes 16 bytes a weight instead of 0.5, and every checkpoint holds the whole model.",
        QLORA,
        choices=("qlora", "lora8", "lora", "full"),
    ),
    Field(
        "precision",
        "model",
        str,
        "auto",
        "Number format to compute in (precision)",
        "auto: bf16 on a GPU since Ampere, fp16 on older ones, float32 on a CPU.",
        QLORA,
        choices=("auto", "bf16", "fp16", "float32"),
    ),
    Field(
        "gpu",
        "model",
        str,
        "",
        "Which GPU (UUID, empty for the first; several with commas)",
        "No other card is used.",
        OURS,
    ),
    Field(
        "dataset", "data", str, "", "Examples (folder)", "More and cleaner examples matter more than any setting.", OURS
    ),
    Field(
        "objective",
        "data",
        str,
        "instruction",
        "What is learnt (objective)",
        "instruction: write the answer to a report's findings; text: continue raw text (continued pretraining); dpo: "
        "which of two answers is better (each pair takes the memory and time of two examples and more).",
        TRL,
        choices=("instruction", "text", "dpo"),
    ),
    Field(
        "adapter",
        "model",
        str,
        "",
        "Go on from an earlier adapter (folder, empty for a fresh one)",
        "Its size and layers stay as they are; preferences are usually learnt on top of an adapter.",
        TRL,
    ),
    Field(
        "beta",
        "optimisation",
        float,
        0.1,
        "How closely to stay to the model before (beta of dpo)",
        "Lower moves further towards the preferred answers. No effect on memory or time.",
        "Rafailov et al. 2023, Direct Preference Optimization",
        0.001,
        10.0,
    ),
    Field(
        "max_length",
        "data",
        int,
        2048,
        "How long an example may be (tokens)",
        "Memory grows with it; longer examples are handled as `over_length` says.",
        TRL,
        16,
        1_048_576,
    ),
    Field(
        "over_length",
        "data",
        str,
        "refuse",
        "What happens to longer examples",
        "refuse: nothing starts until you decide; split: a long answer is learnt in several rows, each behind the "
        "whole input; leave_out: they are counted, named and not used.",
        OURS,
        choices=("refuse", "split", "leave_out"),
    ),
    Field(
        "packing",
        "data",
        bool,
        False,
        "Several examples in one row (packing)",
        "Faster on a GPU when examples are short; they cannot see one another.",
        TRL,
    ),
    Field(
        "rank",
        "adapter",
        int,
        16,
        "Size of what is learnt (LoRA rank)",
        "Doubling it doubles the adapter.",
        LORA,
        1,
        512,
    ),
    Field(
        "alpha",
        "adapter",
        int,
        32,
        "Weight of what is learnt (LoRA alpha)",
        "Acts like a learning rate; twice the rank is usual.",
        LORA,
        1,
        2048,
    ),
    Field(
        "dropout",
        "adapter",
        float,
        0.05,
        "Forgetting on purpose (dropout)",
        "Slows learning by heart on little data.",
        QLORA,
        0.0,
        0.9,
    ),
    Field(
        "target_modules",
        "adapter",
        str,
        "all-linear",
        "Which layers learn (target modules)",
        "all-linear: every linear layer of the language model; or names with commas.",
        QLORA,
    ),
    Field(
        "learning_rate",
        "optimisation",
        float,
        2e-4,
        "How strongly to learn (learning rate)",
        "Too high destroys, too low learns nothing.",
        QLORA,
        1e-8,
        1.0,
    ),
    Field(
        "schedule",
        "optimisation",
        str,
        "cosine",
        "How the strength falls (schedule)",
        "cosine and linear end near zero, constant does not.",
        TRL,
        choices=("cosine", "linear", "constant"),
    ),
    Field(
        "warmup",
        "optimisation",
        float,
        0.03,
        "Gentle start (warm-up share of the steps)",
        "Avoids a jump at the first steps.",
        QLORA,
        0.0,
        0.5,
    ),
    Field(
        "epochs",
        "optimisation",
        float,
        3.0,
        "How often every example is seen (epochs)",
        "Time grows with it; too many learn by heart.",
        TRL,
        0.0,
        1000.0,
    ),
    Field(
        "steps",
        "optimisation",
        int,
        0,
        "Number of steps (0: from the epochs)",
        "Overrides the epochs.",
        OURS,
        0,
        100_000_000,
    ),
    Field("batch", "optimisation", int, 4, "Examples at a time (micro-batch)", "Memory grows with it.", QLORA, 1, 4096),
    Field(
        "accumulation",
        "optimisation",
        int,
        4,
        "Micro-batches a step (gradient accumulation)",
        "Replaces batch where memory is short; slower.",
        QLORA,
        1,
        4096,
    ),
    Field(
        "optimizer",
        "optimisation",
        str,
        "auto",
        "Optimizer",
        "auto: fused AdamW; paged_adamw_8bit saves memory on a GPU.",
        QLORA,
        choices=("auto", "adamw_torch", "adamw_torch_fused", "adamw_8bit", "paged_adamw_8bit"),
    ),
    Field(
        "weight_decay",
        "optimisation",
        float,
        0.0,
        "Pull towards zero (weight decay)",
        "Little effect on adapters.",
        QLORA,
        0.0,
        1.0,
    ),
    Field(
        "max_grad_norm",
        "optimisation",
        float,
        1.0,
        "Largest step (gradient clipping)",
        "Guards against jumps.",
        TRL,
        0.0,
        1000.0,
    ),
    Field(
        "seed",
        "optimisation",
        int,
        42,
        "Seed",
        "The same seed on the same machine gives the same run.",
        TRL,
        0,
        2**31 - 1,
    ),
    Field(
        "checkpointing",
        "optimisation",
        bool,
        True,
        "Compute twice to save memory (activation checkpointing)",
        "About a third slower, several times less memory for activations.",
        QLORA,
    ),
    Field(
        "evaluate_every",
        "checks",
        int,
        0,
        "Steps between checks on validation reports (0: ten in all)",
        "Each costs a pass over the validation set.",
        OURS,
        0,
        100_000_000,
    ),
    Field(
        "save_every",
        "checks",
        int,
        0,
        "Steps between checkpoints (0: with every check)",
        "What a power cut can cost at most.",
        OURS,
        0,
        100_000_000,
    ),
    Field(
        "patience",
        "checks",
        int,
        0,
        "Checks without improvement before stopping early (0: never)",
        "Saves time, avoids learning by heart.",
        TRL,
        0,
        1000,
    ),
    Field(
        "probe",
        "checks",
        bool,
        True,
        "Try two steps on the longest examples first (probe)",
        "Costs loading the model once more; finds out before hours are spent whether memory suffices.",
        OURS,
    ),
    Field(
        "processes",
        "model",
        int,
        1,
        "How many GPUs work together (processes)",
        "Each holds the whole model and takes its share of the micro-batches, so the time falls almost as their number "
        "grows; memory on each stays the same, unless the model is divided among them (`sharded`).",
        TRL,
        1,
        64,
    ),
    Field(
        "sharded",
        "model",
        bool,
        False,
        "Divide the model among the GPUs (sharding, FSDP2)",
        "Each of the `processes` GPUs holds only its part of the weights, so a model that is too large for one of them "
        "can still learn. Slower, because the parts travel at every layer: only for models that do not fit one card.",
        "PyTorch documentation, fully_shard",
    ),
    Field(
        "tensorboard", "checks", bool, False, "Also write TensorBoard files", "For those who have their tools.", OURS
    ),
)

BY_KEY = {field.key: field for field in FIELDS}
