"""What is said when a file of the index is cut short while it is read.

An index is mapped into memory. Reading beyond the end of what is left of a file, the process is sent SIGBUS, which ends
it without a word. A handler of Python's would run after the instruction that failed, which would fail again for ever;
so this is one of C's, that says so and leaves.
"""

from __future__ import annotations

import os
import signal

from searcher.messages import _

_kept: list[object] = []
"""What the system will call must not be collected."""


def say_so_and_leave() -> None:
    """Have SIGBUS end this process with a sentence and exit code 1, where nobody handles it already."""
    number = getattr(signal, "SIGBUS", None)
    if _kept or number is None or signal.getsignal(number) is not signal.SIG_DFL:
        return
    import ctypes  # which numpy imports as well

    sentence = _("A file that was being read has been cut short by another program; is it a file of the index?")
    raw = f"{sentence}\n".encode()

    def leave(_number: int) -> None:
        os.write(2, raw)
        os._exit(1)

    handler = ctypes.CFUNCTYPE(None, ctypes.c_int)(leave)
    _kept.append(handler)
    install = ctypes.CDLL(None).signal
    install.argtypes, install.restype = (ctypes.c_int, ctypes.c_void_p), ctypes.c_void_p
    install(number, ctypes.cast(handler, ctypes.c_void_p))
