"""One training step on tensors without data: the real model, PEFT and loss, with the GPU's kernels stood in for.

Layers are alike, so a model of few layers is measured twice and the rest follows on a straight line.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

import torch
from torch._subclasses.fake_tensor import FakeTensorMode
from trl.trainer.utils import add_fused_lm_head

from medtui.model.dry_run import adapting, building, surrogate
from medtui.model.dry_run.meter import Meter
from medtui.model.memory import Settings
from medtui.progress import Progress

# Fewer layers than this are measured whole.
ALWAYS_WHOLE = 4


@dataclass(frozen=True)
class Measurement:
    """Bytes at the peak of a step, by purpose; `loss` or `layer_backward` is 0, whichever is the lower moment."""

    quantised_weights: float
    other_weights: float
    lora: float
    gradients: float
    optimizer: float
    checkpoints: float
    layer_backward: float
    loss: float


@dataclass(frozen=True)
class _Moments:
    """What one size of the model needs; the peaks of its four moments are counted above what is always there.

    Each grows on a straight line with the layers, but which of the moments is the highest may change on the way.
    """

    quantised_weights: float
    other_weights: float
    lora: float
    gradients: float
    optimizer: float
    checkpoints: float
    in_forward: float
    in_loss: float
    in_layers: float
    in_embeddings: float

    def extended(self, other: "_Moments", times: float) -> "_Moments":
        """Go on along the line from here to another size for so many times its distance."""
        mine, theirs = vars(self), vars(other)
        return _Moments(**{name: mine[name] + (theirs[name] - mine[name]) * times for name in mine})

    def measurement(self) -> Measurement:
        """Take the highest moment."""
        backward = max(self.in_layers, self.in_embeddings)
        until_loss = max(self.in_forward, self.in_loss)
        beyond = max(until_loss, backward) - self.checkpoints
        return Measurement(
            quantised_weights=self.quantised_weights,
            other_weights=self.other_weights,
            lora=self.lora,
            gradients=self.gradients,
            optimizer=self.optimizer,
            checkpoints=self.checkpoints,
            layer_backward=beyond if backward >= until_loss else 0.0,
            loss=beyond if backward < until_loss else 0.0,
        )


def simulate(config: dict[str, Any], settings: Settings, progress: Progress) -> Measurement:
    """Measure the peak of a training step.

    Args:
        config: content of a config.json.
        settings: how it is trained.
        progress: told after each measured step.

    Raises:
        Refusal: the kind of model is not known.
    """
    surrogate.install()
    whole = building.configuration(config)
    layers = int(whole.num_hidden_layers)
    sizes = _sizes(whole, layers)
    measured = []
    for done, size in enumerate(sizes):
        progress(done, len(sizes), f"Trying one step with {size} of {layers} layers")
        measured.append(_measure(building.shortened(config, size), settings))
    progress(len(sizes), len(sizes), "Measured")
    if len(sizes) == 1:
        return measured[0].measurement()
    return measured[0].extended(measured[1], (layers - sizes[0]) / (sizes[1] - sizes[0])).measurement()


def _sizes(config: Any, layers: int) -> tuple[int, ...]:
    """Choose two numbers of layers that hold the same kinds of layers in the same mix as the whole model."""
    kinds = list(getattr(config, "layer_types", None) or ["alike"] * layers)
    period = next(size for size in range(1, layers + 1) if _repeats(kinds, size))
    small = max(2, period) + layers % period
    large = small + max(2, period)
    # Layers that share another layer's keys and values make the layers unlike.
    if getattr(config, "num_kv_shared_layers", 0) or layers <= max(ALWAYS_WHOLE, large):
        return (layers,)
    return small, large


def _repeats(kinds: list[str], period: int) -> bool:
    return all(kind == kinds[position % period] for position, kind in enumerate(kinds))


def _measure(config: Any, settings: Settings) -> _Moments:
    with FakeTensorMode():
        model, trained = _prepare(config, settings)
        meter = Meter()
        with meter:
            meter.watch([*model.parameters(), *model.buffers()])
            static = _bytes([*model.parameters(), *model.buffers()])
            quantised = _bytes(_packed(model))
            adapter = 0.0 if settings.method == "full" else _bytes(trained)
            states = [torch.zeros_like(parameter) for parameter in trained for _ in range(2)]
            # With gradient accumulation a step begins while the gradients of the last one are still there.
            for parameter in trained:
                parameter.grad = torch.zeros_like(parameter)
            before = meter.live
            forward, peaks = _step(model, settings, meter)
    in_forward, in_loss, in_layers, in_embeddings = (peak - before for peak in peaks)
    return _Moments(
        quantised_weights=quantised,
        other_weights=static - quantised - adapter,
        lora=adapter,
        gradients=_bytes(trained),
        optimizer=_bytes(states),
        checkpoints=forward - before,
        in_forward=in_forward,
        in_loss=in_loss,
        in_layers=in_layers,
        in_embeddings=in_embeddings,
    )


def _prepare(config: Any, settings: Settings) -> tuple[Any, list[Any]]:
    model = building.network(config)
    adapting.quantise(model, settings.method)
    add_fused_lm_head(model, outputs=("log_probs", "entropy", "is_top1"))
    if settings.checkpointing:
        model.activation_checkpointing_enable({"use_reentrant": False})
    if settings.method == "full":
        adapting.to_float32(model)
        trained = model
    else:
        trained = adapting.adapt(model, settings.rank)
        if settings.checkpointing:
            trained.enable_input_require_grads()
    trained.train()
    return trained, [parameter for parameter in trained.parameters() if parameter.requires_grad]


def _step(model: Any, settings: Settings, meter: Meter) -> tuple[float, list[float]]:
    """Run one step.

    Returns:
        Bytes alive after the forward pass, and the peaks in the forward pass, in the loss's, in the layers' and in the
        embeddings' backward pass.
    """
    peaks: list[float] = []

    def reached(_gradient: torch.Tensor | None = None) -> None:
        peaks.append(float(meter.peak))
        meter.reset()

    def watch(_module: Any, _arguments: Any, output: Any) -> None:
        hidden = output if isinstance(output, torch.Tensor) else output.last_hidden_state
        if hidden.requires_grad:
            hidden.register_hook(reached)

    network = model.get_base_model() if hasattr(model, "get_base_model") else model
    handles = [part.register_forward_hook(watch) for part in (network.base_model, network.get_input_embeddings())]
    shape = (settings.batch, settings.sequence_length)
    tokens = torch.zeros(shape, dtype=torch.long)
    meter.reset()
    # Examples of different length are padded, and padding needs a mask over all pairs of positions.
    mask = torch.ones((shape[0], 1, shape[1], shape[1]), dtype=torch.bool) if settings.batch > 1 else None
    with torch.autocast("cpu", dtype=torch.bfloat16):
        loss = model(input_ids=tokens, attention_mask=mask, labels=tokens, fused_lm_head=True).loss
    forward = float(meter.live)
    reached()
    loss.backward()
    for handle in handles:
        handle.remove()
    peaks.append(float(meter.peak))
    # Where the embeddings are not part of the backward pass, its last moment is that of the layers.
    return forward, [*peaks, peaks[-1]][:4]


def _packed(model: Any) -> list[torch.Tensor]:
    packed = (surrogate.PackedLinear, surrogate.Int8Linear)
    layers = [module for module in model.modules() if isinstance(module, packed)]
    return [tensor for layer in layers for tensor in (layer.weight, *layer.buffers())]


def _bytes(tensors: Iterable[torch.Tensor]) -> float:
    storages = {tensor.untyped_storage()._cdata: tensor.untyped_storage().nbytes() for tensor in tensors}
    return float(sum(storages.values()))
