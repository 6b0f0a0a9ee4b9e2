"""Load a base model, and a tuned one, from folders on this disk. Imported by workers only: it loads torch.

Nothing is fetched and no code that a model brings along is run; weights are read from safetensors files alone.
"""

import contextlib
import logging
import warnings
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, Literal

import bitsandbytes
import torch
from peft import PeftModel
from torch import nn
from transformers import AutoModelForCausalLM, AutoTokenizer, BitsAndBytesConfig
from transformers import logging as transformers_logging

from medtui.errors import Refusal
from medtui.examples import chat_template

Quantization = Literal["nf4", "int8", "none"]

# bfloat16 arithmetic begins with this compute capability; older cards only emulate it.
BFLOAT16_CAPABILITY = (8, 0)


def compute_dtype() -> torch.dtype:
    """Give the number format to compute in: bfloat16 on a GPU, float16 on one before Ampere, float32 on a CPU."""
    if not torch.cuda.is_available():
        return torch.float32
    return torch.bfloat16 if torch.cuda.get_device_capability() >= BFLOAT16_CAPABILITY else torch.float16


def quantization_config(
    quantization: Quantization, dtype: torch.dtype, storage: torch.dtype = torch.uint8
) -> BitsAndBytesConfig | None:
    """Describe the quantisation; the library's own defaults are fp4 without double quantisation.

    Args:
        quantization: "nf4" (4-bit NormalFloat with double quantisation, Dettmers et al. 2023), "int8" or "none".
        dtype: what the matrix products compute in.
        storage: type that packed 4-bit weights are kept as; it does not change their bits.
    """
    if quantization == "none":
        return None
    if quantization == "int8":
        return BitsAndBytesConfig(load_in_8bit=True)
    return BitsAndBytesConfig(
        load_in_4bit=True,
        bnb_4bit_quant_type="nf4",
        bnb_4bit_use_double_quant=True,
        bnb_4bit_compute_dtype=dtype,
        bnb_4bit_quant_storage=storage,
    )


def load_tokenizer(model: Path) -> Any:
    """Load the tokenizer of a model folder; padding falls back to the end-of-text token.

    A model without a chat template gets the standard one that the examples were measured with.

    Raises:
        Refusal: the folder has none that can be read, or it can end no answer.
    """
    try:
        tokenizer = AutoTokenizer.from_pretrained(str(model), local_files_only=True, trust_remote_code=False)
    except Exception as error:  # any library error here has one cause for the user: the folder is no model
        raise Refusal(
            f"Cannot read the tokenizer in {model} ({type(error).__name__}); choose the model again."
        ) from error
    if not isinstance(tokenizer.chat_template, str):
        # None, or several of which the default one counts.
        tokenizer.chat_template = chat_template.of(Path(model)).text
    if tokenizer.pad_token is None:
        tokenizer.pad_token = tokenizer.eos_token
    return tokenizer


def load_base(
    model: Path,
    quantization: Quantization = "nf4",
    dtype: torch.dtype | None = None,
    device: str | None = None,
    storage: torch.dtype = torch.uint8,
) -> tuple[Any, Any]:
    """Load a base model in evaluation mode, with its tokenizer.

    Args:
        model: folder with config.json, tokenizer and safetensors.
        quantization: "nf4" as in training, "int8", or "none" for 16-bit (float32 on a CPU).
        dtype: number format of what is not quantised; `compute_dtype()` unless given.
        device: "cpu" keeps it off the GPU; the first visible GPU when there is one.
        storage: as in `quantization_config`.

    Returns:
        The model and the tokenizer.

    Raises:
        Refusal: the folder is incomplete, or weights are missing in it.
    """
    model = Path(model)
    if not any(model.glob("*.safetensors")):
        raise Refusal(f"{model} holds no *.safetensors weights; choose a model folder in that format.")
    chosen = dtype or compute_dtype()
    place = device or ("cuda:0" if torch.cuda.is_available() else "cpu")
    tokenizer = load_tokenizer(model)
    with _quiet():
        try:
            network, loading = AutoModelForCausalLM.from_pretrained(
                str(model),
                dtype=chosen,
                quantization_config=quantization_config(quantization, chosen, storage),
                device_map={"": place},
                local_files_only=True,
                trust_remote_code=False,
                use_safetensors=True,
                output_loading_info=True,
            )
        except torch.OutOfMemoryError:
            raise
        except (OSError, ValueError, KeyError, RuntimeError) as error:
            raise Refusal(
                f"Cannot load the model in {model} ({type(error).__name__}); see the worker's log."
            ) from error
    if loading["missing_keys"]:
        raise Refusal(f"The model in {model} lacks {len(loading['missing_keys'])} of its weights; copy it again.")
    _keep_differentiable(network)
    network.eval()
    return network, tokenizer


def _keep_differentiable(network: Any) -> None:
    """Keep bitsandbytes from repacking 4-bit weights on CPUs with AVX512-BF16.

    There the first pass in evaluation mode turns the weights into a layout for bfloat16 inference, for good: later
    backward passes skip those layers without an error, and losses depend on whether an evaluation came before.
    """
    for module in network.modules():
        if isinstance(module, bitsandbytes.nn.Linear4bit):
            module.support_avx512bf16_for_cpu = False


def load_tuned(
    model: Path,
    adapter: Path,
    quantization: Quantization = "nf4",
    dtype: torch.dtype | None = None,
    device: str | None = None,
    *,
    trainable: bool = False,
) -> tuple[Any, Any]:
    """Load a base model with an adapter on it; `with tuned.disable_adapter():` gives the base.

    Args:
        model: folder of the base model.
        adapter: folder with adapter_config.json and adapter_model.safetensors, or with all weights of a model that was
            trained as a whole.
        quantization: as in `load_base`.
        dtype: as in `load_base`.
        device: as in `load_base`.
        trainable: the adapter goes on learning.

    Raises:
        Refusal: the adapter is missing, incomplete, or belongs to another model.
    """
    adapter = Path(adapter)
    if is_whole_model(adapter):
        if trainable:
            raise Refusal(f"{adapter} holds a whole model, not an adapter; choose it as the base model instead.")
        tuned, tokenizer = load_base(adapter, quantization, dtype, device)
        return WholeModel(tuned, lambda: load_base(model, quantization, dtype, device)[0]), tokenizer
    if not (adapter / "adapter_model.safetensors").is_file():
        raise Refusal(f"{adapter} holds no adapter_model.safetensors; finish a training run first.")
    base, tokenizer = load_base(model, quantization, dtype, device)
    with _quiet(), warnings.catch_warnings():
        # peft fills missing adapter weights with fresh ones and only warns; that would be an untuned model.
        warnings.filterwarnings("error", message=".*missing adapter keys.*")
        try:
            tuned = PeftModel.from_pretrained(base, str(adapter), is_trainable=trainable, local_files_only=True)
        except torch.OutOfMemoryError:
            raise
        except (OSError, ValueError, KeyError, RuntimeError, Warning) as error:
            raise Refusal(
                f"The adapter in {adapter} does not fit the model in {model} ({type(error).__name__}); "
                "choose the model that it was trained on."
            ) from error
    tuned.eval()
    return tuned, tokenizer


def is_whole_model(folder: Path) -> bool:
    """Tell whether a run left a whole model rather than an adapter."""
    return (folder / "config.json").is_file() and not (folder / "adapter_config.json").is_file()


class WholeModel(nn.Module):
    """A model that was trained as a whole beside its base, used like an adapter on a base.

    Args:
        tuned: the trained model.
        load: gives the base; called when it is asked for first.
    """

    def __init__(self, tuned: Any, load: Callable[[], Any]) -> None:
        super().__init__()
        self.tuned = tuned
        self.base: Any = None
        self._load = load
        self._plain = False

    @property
    def model(self) -> Any:
        """The model that answers now."""
        return self.base if self._plain else self.tuned

    @property
    def device(self) -> torch.device:
        """Where the models lie."""
        return self.tuned.device

    @contextlib.contextmanager
    def disable_adapter(self) -> Iterator[None]:
        """Answer with the base inside the block."""
        self.base = self.base or self._load()
        self._plain = True
        try:
            yield
        finally:
            self._plain = False

    def forward(self, *arguments: Any, **keywords: Any) -> Any:
        """Ask the model."""
        return self.model(*arguments, **keywords)

    def generate(self, *arguments: Any, **keywords: Any) -> Any:
        """Have the model write."""
        return self.model.generate(*arguments, **keywords)


@contextlib.contextmanager
def _quiet() -> Iterator[None]:
    """Keep weight-loading bars, and 8-bit kernels' remark at every product, out of logs."""
    transformers_logging.disable_progress_bar()
    logging.getLogger("bitsandbytes").setLevel(logging.ERROR)
    yield
