"""Asks PyTorch itself what it can do here, in a process of its own: `python -m medtui.machine.worker`.

Prints one JSON object. The caller stays free of torch and holds no CUDA context.
"""

import json
from typing import Any


def look() -> dict[str, Any]:
    """Give PyTorch's version, the architectures it was built for, its GPUs, and whether 4-bit layers compute."""
    import torch

    found: dict[str, Any] = {
        "torch": torch.__version__,
        "cuda": torch.version.cuda,
        "architectures": torch.cuda.get_arch_list(),
        "gpus": [_gpu(torch, index) for index in range(torch.cuda.device_count())],
    }
    found["nf4_on"] = "cuda" if found["gpus"] else "cpu"
    found["nf4_error"] = _four_bit_error(torch, found["nf4_on"])
    return found


def _gpu(torch: Any, index: int) -> dict[str, Any]:
    properties = torch.cuda.get_device_properties(index)
    free, total = torch.cuda.mem_get_info(index)
    return {
        "name": properties.name,
        "uuid": str(properties.uuid),
        "compute_capability": f"{properties.major}.{properties.minor}",
        "free_bytes": free,
        "total_bytes": total,
        "native_bf16": torch.cuda.is_bf16_supported(including_emulation=False),
    }


def _four_bit_error(torch: Any, device: str) -> str | None:
    """Multiply through one 4-bit layer and back, and compare with the unpacked weight; None when it is right."""
    try:
        from bitsandbytes.nn import Linear4bit

        layer = Linear4bit(64, 64, bias=False, compute_dtype=torch.float32, quant_type="nf4").to(device)
        x = torch.eye(64, device=device, requires_grad=True)
        layer(x).sum().backward()
        exact = torch.allclose(x.grad, layer(torch.eye(64, device=device)).sum(1).expand(64, 64), atol=1e-2)
    except Exception as error:  # any library or driver fault is the answer to the question asked here
        return type(error).__name__
    return None if exact else "wrong result"


if __name__ == "__main__":
    print(json.dumps(look()))  # noqa: T201
