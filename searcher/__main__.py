"""The `searcher` command; `python -m searcher` is the same."""

import atexit
import gc
import os
import sys
import warnings
from contextlib import suppress

_OBJECTS_BETWEEN_COLLECTIONS = 100_000


def main() -> None:
    """Run the command line and leave with its exit code."""
    # What imports make stays; looking it through for cycles again and again is a twelfth of a command's time.
    gc.set_threshold(_OBJECTS_BETWEEN_COLLECTIONS)
    # No matrix here is big enough for threads, and starting them costs more than they could save.
    os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")
    if not sys.warnoptions:  # what libraries warn of is meant for developers, who say -W
        warnings.simplefilter("ignore")
    from searcher.messages import use_for_libraries

    use_for_libraries()
    from searcher.cli import run

    _leave(run())


def _leave(code: int) -> None:
    """End the process, as `sys.exit` does, but without taking all objects apart one by one: a quarter of a query."""
    try:
        sys.stdout.flush()
    except OSError as error:  # whoever reads a pipe may have gone, and wants no more
        code = code if isinstance(error, BrokenPipeError) else code or 1
    with suppress(OSError):
        sys.stderr.flush()
    atexit._run_exitfuncs()
    os._exit(code)


if __name__ == "__main__":
    main()
