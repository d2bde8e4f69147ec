"""The `searcher` command; `python -m searcher` is the same."""

import sys


def main() -> None:
    """Run the command line and leave with its exit code."""
    from searcher.messages import use_for_libraries

    use_for_libraries()
    from searcher.cli import run

    sys.exit(run())


if __name__ == "__main__":
    main()
