"""The `searcher` command; `python -m searcher` is the same."""

import gc
import os
import sys

_OBJECTS_BETWEEN_COLLECTIONS = 100_000


def main() -> None:
    """Run the command line and leave with its exit code."""
    # What imports make stays; looking it through for cycles again and again is a twelfth of a command's time.
    gc.set_threshold(_OBJECTS_BETWEEN_COLLECTIONS)
    # No matrix here is big enough for threads, and starting them costs more than they could save.
    os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")
    from searcher.messages import use_for_libraries

    use_for_libraries()
    from searcher.cli import run

    code = run()
    gc.freeze()  # or the interpreter looks all of it through for cycles once more before it leaves
    sys.exit(code)


if __name__ == "__main__":
    main()
