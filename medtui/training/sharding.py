"""Divide one model among the processes that train together (FSDP2), and put what was learnt together again.

Only the adapter learns. Its weights and the optimizer's state are written whole, so that a checkpoint and an adapter
look the same however many processes made them. Imported by workers only.
"""

import math
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import bitsandbytes
import torch
from safetensors.torch import load_file
from torch import distributed, nn
from torch.distributed.fsdp import fully_shard
from torch.distributed.tensor import DTensor, distribute_tensor

from medtui.errors import Refusal

# Packed 4-bit weights can be divided only when they are stored in a floating format; their bits stay the same.
STORAGE = torch.bfloat16


def shard(model: Any, device: torch.device, processes: int) -> dict[str, int]:
    """Divide a model that lies in main memory among the processes, layer by layer, so that no card ever holds it all.

    Args:
        model: a PEFT model whose adapter is ready to learn.
        device: this process's.
        processes: how many should share it.

    Returns:
        `held_bytes` of weights in this process, and `whole_bytes` of all.

    Raises:
        Refusal: the model was not divided, or not faithfully.
    """
    there = distributed.get_world_size() if distributed.is_initialized() else 1
    if there != processes or processes < 2:
        raise Refusal(f"The model is to be divided among {processes} processes, but {there} came together.")
    layers = _layers(model)
    for parameter in _trained(model).values():
        # Each process keeps its part of its own copy: the copies must be one.
        _from_first(parameter, device)
    before = {name: _fingerprint(module.weight) for name, module in _quantised(model)}
    mesh = distributed.device_mesh.init_device_mesh(device.type, (processes,))
    for module in (*layers, model):
        for _, linear in _quantised(module):
            # The scales of 4-bit weights are no parameters: nothing else moves them.
            linear.quant_state.to(device)
        fully_shard(module, mesh=mesh)
    model.get_base_model().hf_device_map = {"": device}
    found = _held(model, processes)
    changed = [name for name, module in _quantised(model) if _fingerprint(module.weight.full_tensor()) != before[name]]
    if changed:
        raise Refusal(f"Dividing the model changed {len(changed)} of its {len(before)} 4-bit layers; see worker.log.")
    return found


def _layers(model: Any) -> list[nn.Module]:
    kinds = set(model.get_base_model()._no_split_modules or ())
    layers = [module for module in model.modules() if type(module).__name__ in kinds]
    if not layers:
        raise Refusal("This model does not say which layers it consists of, so it cannot be divided among GPUs.")
    # What lies inside another is divided before it.
    return layers[::-1]


def _quantised(module: nn.Module) -> Iterator[tuple[str, Any]]:
    return (found for found in module.named_modules() if isinstance(found[1], bitsandbytes.nn.Linear4bit))


def _fingerprint(packed: torch.Tensor) -> int:
    return int(packed.detach().contiguous().view(torch.int16).sum(dtype=torch.int64).item())


def _from_first(parameter: torch.Tensor, device: torch.device) -> None:
    there = parameter.detach().to(device)
    distributed.broadcast(there, src=0)
    parameter.data.copy_(there)


def _held(model: nn.Module, processes: int) -> dict[str, int]:
    """Count the bytes of weights in this process.

    Raises:
        Refusal: a weight is not divided, or this process holds more than its part.
    """
    held = whole = 0
    for name, parameter in model.named_parameters():
        if not isinstance(parameter, DTensor):
            raise Refusal(f"The weight {name} was not divided among the processes; the run would not fit.")
        local = parameter.to_local()
        # The first dimension is divided; a last, smaller part is filled up.
        part = -(-parameter.shape[0] // processes) * math.prod(parameter.shape[1:])
        if local.untyped_storage().nbytes() > part * parameter.element_size():
            raise Refusal(f"This process holds more than its part of the weight {name}; the run would not fit.")
        held += local.untyped_storage().nbytes()
        whole += parameter.numel() * parameter.element_size()
    return {"held_bytes": held, "whole_bytes": whole}


def _trained(model: Any) -> dict[str, Any]:
    return {name: parameter for name, parameter in model.named_parameters() if parameter.requires_grad}


def whole_adapter(model: Any) -> dict[str, torch.Tensor]:
    """Put the weights of the adapter together; every process must ask at once."""
    return {name: parameter.detach().full_tensor().cpu() for name, parameter in _trained(model).items()}


def load_adapter(model: Any, file: Path) -> None:
    """Give each process its part of saved adapter weights.

    Raises:
        Refusal: the file holds other weights.
    """
    saved = load_file(file)
    names = {name: name.replace(f".{model.active_adapter}.", ".") for name in _trained(model)}
    if set(names.values()) != set(saved):
        raise Refusal(f"{file.name} of the checkpoint holds other weights than this run learns; start a new run.")
    for name, parameter in _trained(model).items():
        parameter.data.to_local().copy_(_part(saved[names[name]].to(parameter.device), parameter).to_local())


def whole_state(optimizer: torch.optim.Optimizer) -> dict[str, Any]:
    """Put the state of an optimizer together, in the form that one process writes; every process must ask at once."""
    state = optimizer.state_dict()
    state["state"] = {
        number: {
            key: value.full_tensor().cpu() if isinstance(value, DTensor) else value for key, value in values.items()
        }
        for number, values in state["state"].items()
    }
    return state


def divide_state(optimizer: torch.optim.Optimizer) -> None:
    """Leave each process only its part of an optimizer state that was loaded whole."""
    for parameter, values in optimizer.state.items():
        for key, value in values.items():
            if isinstance(value, torch.Tensor) and not isinstance(value, DTensor) and value.shape == parameter.shape:
                values[key] = _part(value, parameter)


def _part(whole: torch.Tensor, like: DTensor) -> DTensor:
    # Every process has read the same file: nothing needs to be sent.
    return distribute_tensor(whole, like.device_mesh, like.placements, src_data_rank=None)
