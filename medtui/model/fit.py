"""Whether an estimated peak fits into the memory that is free, with a stated margin."""

from dataclasses import dataclass

GIB = 1024**3

FITS, TIGHT, DOES_NOT_FIT, DEMO, UNKNOWN = "fits", "tight", "does_not_fit", "demo", "unknown"

WORDS = {
    FITS: "fits",
    TIGHT: "tight, will be probed",
    DOES_NOT_FIT: "does not fit",
    DEMO: "demo",
    UNKNOWN: "cannot be told",
}

# The CUDA context, the libraries' own buffers and fragmentation lie outside the estimate. Published measurements are
# mostly 1.06 to 1.4 times a simulated peak; these two lines separate what may be promised from what must be tried.
CONTEXT_GIB = 0.8
SAFE_FACTOR, SAFE_GIB = 1.25, 1.0
PROBE_FACTOR = 1.05


@dataclass(frozen=True)
class Fit:
    """The verdict; all sizes in GiB. `margin_gib` is what is left free after context and reserve."""

    level: str
    peak_gib: float
    needed_gib: float
    free_gib: float

    @property
    def margin_gib(self) -> float:
        """Free memory beyond what is needed; negative when it is short."""
        return self.free_gib - self.needed_gib


def needed(peak_gib: float, measured: float = 1.0) -> float:
    """Memory to have free so that a peak certainly fits: with CUDA context and reserve.

    Args:
        peak_gib: estimated peak.
        measured: how many times its estimate a run on this machine took; only raises what is needed.
    """
    return max(SAFE_FACTOR * peak_gib + SAFE_GIB, PROBE_FACTOR * measured * peak_gib + CONTEXT_GIB)


def judge(peak_gib: float, free_gib: float, measured: float = 1.0) -> Fit:
    """Compare an estimated peak with the free memory of one GPU, both in GiB; `measured` as in `needed`."""
    if needed(peak_gib, measured) <= free_gib:
        level = FITS
    elif PROBE_FACTOR * max(1.0, measured) * peak_gib + CONTEXT_GIB <= free_gib:
        level = TIGHT
    else:
        level = DOES_NOT_FIT
    return Fit(level, peak_gib, needed(peak_gib, measured), free_gib)
