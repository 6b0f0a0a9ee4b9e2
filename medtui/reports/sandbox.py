"""Limits for a process that parses strangers' files: memory, processor time, no network, no writing, no signals."""

import contextlib
import ctypes
import os
import resource
import struct

# A report that needs more than this is an attack or a mistake.
MEMORY_BYTES = 2 << 30

_PR_SET_PDEATHSIG, _PR_SET_NO_NEW_PRIVS, _PR_SET_SECCOMP, _SECCOMP_FILTER = 1, 38, 22, 2
_SIGKILL = 9
# BPF operations (linux/bpf_common.h) and seccomp's answers (linux/seccomp.h).
_LOAD, _EQUAL, _AT_LEAST, _ANY_BIT, _RETURN = 0x20, 0x15, 0x35, 0x45, 0x06
_ALLOW, _REFUSE, _MISSING, _KILL = 0x7FFF0000, 0x00050001, 0x00050026, 0x80000000
# Offsets in struct seccomp_data: number, architecture, low halves of the second and third argument.
_NUMBER, _ARCHITECTURE, _SECOND, _THIRD = 0, 4, 24, 32
# O_WRONLY | O_RDWR | O_CREAT | O_TRUNC
_WRITING = 0o1 | 0o2 | 0o100 | 0o1000
_X32 = 0x40000000

# System calls refused, by machine: sockets, io_uring (it opens sockets too), tracing and reading other processes,
# signals to others, mounting and namespaces, and everything that changes files.
_CALLS: dict[str, tuple[int, tuple[int, ...], int | None, int]] = {
    "x86_64": (
        0xC000003E,
        (41, 42, 43, 44, 46, 49, 50, 288, 307, 425, 101, 310, 311, 62, 165, 272, 308, 321, 250, 298, 323, 87, 263, 82,
         264, 316, 84, 90, 91, 268, 92, 93, 94, 260, 76, 86, 265, 88, 266, 83, 258, 133, 259, 85,
         188, 189, 190, 235, 280),
        2,
        257,
    ),
    "aarch64": (
        0xC00000B7,
        (198, 200, 201, 202, 203, 206, 211, 242, 269, 425, 117, 270, 271, 129, 40, 97, 268, 280, 219, 241, 282, 35, 38,
         276, 34, 33, 37, 36, 45, 53, 52, 54, 55, 5, 6, 7, 88),
        None,
        56,
    ),
}  # fmt: skip
_OPENAT2 = 437


def enter(memory_bytes: int = MEMORY_BYTES) -> tuple[str, ...]:
    """Give up what a parser does not need; there is no way back for this process and its children.

    Args:
        memory_bytes: most address space the process may have.

    Returns:
        What could not be enforced on this machine, in plain words; empty when everything holds.
    """
    _limit(resource.RLIMIT_AS, memory_bytes)
    _limit(resource.RLIMIT_CORE, 0)
    _limit(resource.RLIMIT_FSIZE, 0)
    libc = ctypes.CDLL(None, use_errno=True)
    libc.prctl(_PR_SET_PDEATHSIG, _SIGKILL, 0, 0, 0)
    if libc.prctl(_PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) == 0 and _filter(libc):
        return ()
    return ("this system cannot keep the readers from the network or from changing files (seccomp is missing)",)


def end_with_parent() -> None:
    """Let this process end when the one that started it is killed; called between fork and exec of a program."""
    ctypes.CDLL(None).prctl(_PR_SET_PDEATHSIG, _SIGKILL, 0, 0, 0)


def resident_bytes() -> int:
    """Give this process's memory (proc_pid_statm(5) counts pages), 0 where the system does not say."""
    try:
        with open("/proc/self/statm", "rb") as stream:
            return int(stream.read().split()[1]) * resource.getpagesize()
    except (OSError, IndexError, ValueError):
        return 0


def give_back_memory() -> None:
    """Return what is free to the system (malloc_trim(3)); where the C library cannot, it is used again later."""
    with contextlib.suppress(AttributeError):
        ctypes.CDLL(None).malloc_trim(0)


def allow_cpu(seconds: float) -> None:
    """Let the process use this many more seconds of processor time; the kernel kills it beyond them."""
    usage = resource.getrusage(resource.RUSAGE_SELF)
    used = usage.ru_utime + usage.ru_stime
    resource.setrlimit(resource.RLIMIT_CPU, (int(used + seconds) + 1, resource.getrlimit(resource.RLIMIT_CPU)[1]))


def _limit(kind: int, value: int) -> None:
    hard = resource.getrlimit(kind)[1]
    wanted = value if hard == resource.RLIM_INFINITY else min(value, hard)
    resource.setrlimit(kind, (wanted, wanted))


def _filter(libc: ctypes.CDLL) -> bool:
    calls = _CALLS.get(os.uname().machine)
    if calls is None:
        return False
    program = b"".join(struct.pack("HBBI", *instruction) for instruction in _program(*calls))
    code = ctypes.create_string_buffer(program, len(program))
    # struct sock_fprog: number of instructions, pointer to them.
    header = struct.pack("HP", len(program) // 8, ctypes.addressof(code))
    return bool(libc.prctl(_PR_SET_SECCOMP, _SECCOMP_FILTER, ctypes.c_char_p(header), 0, 0) == 0)


def _program(
    architecture: int, refused: tuple[int, ...], open_number: int | None, openat_number: int
) -> list[tuple[int, int, int, int]]:
    program = [
        (_LOAD, 0, 0, _ARCHITECTURE),
        (_EQUAL, 1, 0, architecture),
        (_RETURN, 0, 0, _KILL),
        (_LOAD, 0, 0, _NUMBER),
        (_AT_LEAST, 0, 1, _X32),
        (_RETURN, 0, 0, _REFUSE),
        # Callers fall back to openat, whose flags can be checked.
        (_EQUAL, 0, 1, _OPENAT2),
        (_RETURN, 0, 0, _MISSING),
    ]
    for number in refused:
        program += [(_EQUAL, 0, 1, number), (_RETURN, 0, 0, _REFUSE)]
    opens = [(openat_number, _THIRD)] if open_number is None else [(open_number, _SECOND), (openat_number, _THIRD)]
    for number, flags in opens:
        program += [
            (_EQUAL, 0, 4, number),
            (_LOAD, 0, 0, flags),
            (_ANY_BIT, 0, 1, _WRITING),
            (_RETURN, 0, 0, _REFUSE),
            (_RETURN, 0, 0, _ALLOW),
        ]
    return [*program, (_RETURN, 0, 0, _ALLOW)]
