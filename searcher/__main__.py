"""The `searcher` command; `python -m searcher` is the same."""

import gc
import sys

_OBJECTS_BETWEEN_COLLECTIONS = 100_000


def main() -> None:
    """Run the command line and leave with its exit code."""
    # What imports make stays; looking it through for cycles again and again is a twelfth of a command's time.
    gc.set_threshold(_OBJECTS_BETWEEN_COLLECTIONS)
    from searcher.messages import use_for_libraries

    use_for_libraries()
    from searcher.cli import run

    sys.exit(run())


if __name__ == "__main__":
    main()
