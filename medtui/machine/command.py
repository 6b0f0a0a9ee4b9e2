"""`medtui machine`: what this machine has, as text or JSON."""

import contextlib
import queue
from collections.abc import Mapping
from typing import Any

import click

from medtui.errors import Refusal
from medtui.machine import check, live, step
from medtui.machine.gpu import GIB
from medtui.machine.survey import survey
from medtui.options import json_option, print_result, workspace_option
from medtui.workspace import Workspace


@click.group(invoke_without_command=True)
@workspace_option
@json_option
@click.pass_context
def command(context: click.Context, workspace: Workspace | None, as_json: bool) -> None:
    """See what this machine has and what is in the way of training.

    With --workspace the answer is also recorded for that practice.
    """
    if context.invoked_subcommand is None:
        result = step.run(workspace) if workspace else survey().to_dict()
        print_result(result, as_json, render)


@command.command("check")
@json_option
def check_command(as_json: bool) -> None:
    """Ask PyTorch, in a process of its own, whether training will work here (some seconds)."""
    print_result(check.check(survey()), as_json, _render_check)


def _render_check(found: Mapping[str, Any]) -> str:
    built = f"built for CUDA {found['cuda']}" if found["cuda"] else "built for the processor"
    lines = [f"PyTorch {found['torch']}, {built}; 4-bit layers tried on the {found['nf4_on']}"]
    for gpu in found["gpus"]:
        free, total = _gib(gpu["free_bytes"]), _gib(gpu["total_bytes"])
        lines.append(f"  {gpu['name']} ({gpu['uuid']}): {free} free of {total}")
    return "\n".join([*lines, *(f"  - {sentence}" for sentence in found["findings"] or ["Everything answers."])])


@command.command("live")
@click.option("--gpu", "uuid", help="UUID of the GPU; the freest one otherwise.")
@click.option("--count", default=0, help="Stop after so many lines; 0 goes on until Ctrl-C.")
@json_option
def live_command(uuid: str | None, count: int, as_json: bool) -> None:
    """Watch a GPU: load, memory, temperature, power, and why its clocks are held back; one line a second."""
    gpu = survey().default_gpu(uuid)
    if gpu is None:
        raise Refusal("There is no GPU here to watch.")
    samples: queue.Queue[live.Sample] = queue.Queue()
    with live.Monitor(gpu.uuid, receive=samples.put), contextlib.suppress(KeyboardInterrupt):
        for _ in range(count) if count else iter(int, 1):
            print_result(samples.get().to_dict(), as_json, live.render)


def render(result: Mapping[str, Any]) -> str:
    """Write the survey as plain text."""
    lines = [str(result["mode_note"]), ""]
    lines += [f"  GPU {gpu['index']}: {_gpu_line(gpu)}" for gpu in result["gpus"]] or ["  GPU: none"]
    if result["driver"]:
        lines.append(f"  Driver: {result['driver']} (CUDA {result['cuda'] or 'unknown'})")
    lines.append(f"  Main memory: {_gib(result['ram_available'])} free of {_gib(result['ram_total'])}")
    lines.append(f"  Processor cores: {result['cores']}")
    for disk in result["disks"]:
        lines.append(f"  Disk for {disk['purpose']}: {_gib(disk['free_bytes'])} free on {disk['mount']}")
    lines.append(f"  After log-out: {result['logout_note']}")
    if result["problems"]:
        lines += ["", "What to know:", *(f"  - {problem}" for problem in result["problems"])]
    return "\n".join(lines)


def _gpu_line(gpu: Mapping[str, Any]) -> str:
    text = f"{gpu['name']}, {_gib(gpu['free_bytes'])} free of {_gib(gpu['total_bytes'])}"
    if gpu["used_bytes"]:
        text += f" ({_gib(gpu['used_bytes'])} used by others)"
    if gpu["compute_capability"]:
        bf16 = "native bfloat16" if gpu["native_bf16"] else "no native bfloat16: trains in float16"
        text += f", compute capability {gpu['compute_capability']} ({bf16})"
    return text + (", shares the machine's memory" if gpu["unified_memory"] else "")


def _gib(size: int | None) -> str:
    return "unknown" if size is None else f"{size / GIB:.1f} GiB"
