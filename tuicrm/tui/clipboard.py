"""Text to the clipboard of the terminal that one sits at, also through tmux, screen and SSH: OSC 52, base64 only."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

MOST = 74_000
"""Bytes of base64 that terminals accept."""
_PART = 240
"""Bytes that GNU screen passes on in one piece."""


def plain(text: str) -> str:
    """Return text without control characters but line breaks: what is pasted into a shell must not act there."""
    from tuicrm.text import clean

    return clean(text).encode("utf-8", "replace").decode()


def sequences(text: str, env: Mapping[str, str]) -> Iterator[str]:
    """Yield what puts text into the clipboard, as escape sequences for the terminal and what lies before it.

    The plain sequence comes first; inside tmux or screen it follows again, wrapped so that it is passed on.
    """
    from base64 import b64encode

    payload = b64encode(text.encode()).decode("ascii")
    own = f"\x1b]52;c;{payload}\x07"
    yield own
    if env.get("TMUX"):
        yield f"\x1bPtmux;{own.replace(chr(27), chr(27) * 2)}\x1b\\"
    elif env.get("STY"):
        for start in range(0, len(own), _PART):
            yield f"\x1bP{own[start : start + _PART]}\x1b\\"


def too_long(text: str) -> bool:
    """Tell whether a terminal would not take it all."""
    return (len(text.encode()) + 2) // 3 * 4 > MOST


def hand_to_tmux(text: str, env: Mapping[str, str]) -> None:
    """Give text to tmux as its buffer, which sets the clipboard of the terminal outside by default; waits a little."""
    import subprocess  # tmux is asked by its full argument list, never through a shell

    try:
        subprocess.run(
            ["tmux", "load-buffer", "-w", "-"],
            input=text.encode(),
            env=dict(env),
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            timeout=2,
            check=False,
        )
    except (OSError, subprocess.TimeoutExpired):
        return
