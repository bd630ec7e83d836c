"""The entry point: answers `--version` and `--help` by itself, hands everything else to the commands."""

from __future__ import annotations

import sys

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable


def main(argv: list[str] | None = None) -> int:
    """Run one command line (without the program's name) and return its exit code."""
    args = sys.argv[1:] if argv is None else list(argv)
    if args in (["--version"], ["-V"]):
        from tuicrm import __version__

        return _say(f"tuicrm {__version__}\n")
    if args in (["--help"], ["-h"], ["help"]):
        from tuicrm.cli.table import top_help

        return _say(top_help())
    from tuicrm.cli.run import run

    return run(args) if argv is not None else _run_alone(run, args)


def _run_alone(run: Callable[[list[str]], int], args: list[str]) -> int:
    """Run the one command that this process is for, and leave at once: freeing all it read takes as long as work."""
    import gc
    import os
    from contextlib import suppress

    gc.disable()
    code = run(args)
    if "textual" in sys.modules:
        return code
    for stream in (sys.stdout, sys.stderr):
        with suppress(OSError, ValueError, AttributeError):
            stream.flush()
    os._exit(code)


def _say(text: str) -> int:
    """Write without click, which costs more to import than the whole answer."""
    try:
        if sys.stdout is not None:
            sys.stdout.write(text)
            sys.stdout.flush()
    except BrokenPipeError:
        import os

        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
    except OSError as error:
        sys.stderr.write(f"tuicrm: cannot write the output: {(error.strerror or str(error)).lower()}\n")
        return 7
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
