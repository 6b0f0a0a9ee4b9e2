"""Turns each NVML error into one sentence with what to do."""

from pathlib import Path

# Codes of `nvmlReturn_t`: NVIDIA, NVML API Reference Guide, "Device Enums".
_SENTENCES: dict[int, str] = {
    3: "This GPU or its driver does not report that value.",
    4: (
        "The NVIDIA driver refused: this user may not look at the GPU; add the user to the group that owns "
        "/dev/nvidia* (often `video`), or ask whoever runs this machine."
    ),
    8: "A GPU is short of power: its extra power cables are not plugged in; switch the machine off and check them.",
    9: (
        "An NVIDIA GPU driver is installed but not loaded; run `sudo modprobe nvidia`, and if that fails restart the "
        "machine or install the driver again."
    ),
    10: "The GPU driver did not answer in time; wait a minute, and restart the machine if it happens again.",
    11: "The kernel cannot hear the GPU (interrupts); restart the machine, and check the BIOS if it comes back.",
    12: (
        "No NVIDIA driver was found on this machine (libnvidia-ml.so.1 is missing); without an NVIDIA GPU medtui "
        "works in demo and planning mode, with one install its driver first."
    ),
    13: "The installed NVIDIA driver is too old for this question; update the driver.",
    14: "A GPU's own memory of its settings is damaged (infoROM); training may work, but have the card checked.",
    15: (
        "A GPU has fallen off the bus; restart the machine, and check its power, cooling and seating if it happens "
        "again."
    ),
    16: "A GPU must be reset before it works again; restart the machine.",
    17: "The operating system or its container settings block access to the GPU; ask whoever runs this machine.",
    18: (
        "The NVIDIA driver was updated while the old one is still running; restart the machine, then start medtui "
        "again."
    ),
    19: "Another program holds the GPU driver's lock; wait a minute and try again.",
    20: "The machine has too little main memory left to ask the GPU driver; close other programs and try again.",
    999: "The GPU driver reported an unknown fault; restart the machine, and reinstall the driver if it comes back.",
}

_WSL = (
    "No GPU is visible inside Windows Subsystem for Linux; install the NVIDIA driver in Windows (not inside Linux) and "
    "run `wsl --update`."
)


def under_wsl(release: Path = Path("/proc/sys/kernel/osrelease")) -> bool:
    """Tell whether Linux runs inside Windows Subsystem for Linux, whose kernel release names Microsoft."""
    try:
        return "microsoft" in release.read_text().lower()
    except OSError:
        return False


def sentence(code: int, where: str = "", wsl: bool = False) -> str:
    """Say what an NVML error means and what to do.

    Args:
        code: the value of `nvmlReturn_t`.
        where: the GPU it concerns, empty for the driver as a whole.
        wsl: Linux runs inside Windows.
    """
    text = _SENTENCES.get(code, f"The GPU driver reported fault {code}; restart the machine if it stays.")
    if wsl and code in {9, 12}:
        text = _WSL
    return f"{where}: {text}" if where else text
