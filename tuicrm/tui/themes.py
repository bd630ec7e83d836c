"""Themes: TOML files beside the program, turned into the toolkit's themes."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

from tuicrm.errors import Invalid

if TYPE_CHECKING:
    from collections.abc import Mapping

    from textual.theme import Theme

DEFAULT = "dark"
PLAIN = "ansi"
"""The theme of 16-colour terminals and of the remote profile."""

COLOURS = (
    "primary",
    "secondary",
    "accent",
    "foreground",
    "background",
    "surface",
    "panel",
    "boost",
    "success",
    "warning",
    "error",
)


def folder() -> Path:
    """Return where the themes are: in the installed package, else at the root of the checkout."""
    package = Path(__file__).resolve().parent.parent
    inside = package / "themes"
    return inside if inside.is_dir() else package.parent / "themes"


def names() -> list[str]:
    """Return the names of all themes."""
    return sorted(one.stem for one in folder().glob("*.toml"))


def load(name: str) -> Theme:
    """Return a theme by its name; Invalid names the themes there are."""
    import tomllib

    path = folder() / f"{name}.toml"
    if not name or "/" in name or not path.is_file():
        raise Invalid(f"there is no theme called {name!r}; there are {', '.join(names())}", field="TUICRM_THEME")
    try:
        data = tomllib.loads(path.read_text(encoding="utf-8"))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise Invalid(f"the theme file {path.name} cannot be read: {error}") from error
    return made(name, data)


def made(name: str, data: Mapping[str, Any]) -> Theme:
    """Return the theme that the contents of a file describe."""
    from textual.theme import Theme

    colours: dict[str, Any] = {key: str(value) for key, value in data.get("colours", {}).items() if key in COLOURS}
    if "primary" not in colours:
        raise Invalid(f"the theme {name!r} has no colour `primary`")
    variables = {key: str(value) for key, value in data.get("variables", {}).items()}
    return Theme(
        name=name,
        dark=bool(data.get("dark", True)),
        ansi=bool(data.get("ansi", False)),
        variables=variables,
        **colours,
    )


def chosen(env: Mapping[str, str], *, remote: bool = False) -> str:
    """Return the theme's name for this terminal: what `TUICRM_THEME` says, else what suits the terminal."""
    named = env.get("TUICRM_THEME", "")
    if named:
        return named
    colours = env.get("COLORTERM", "")
    plain = remote or (not colours and env.get("TERM", "") in ("linux", "vt100", "vt220", "xterm", "ansi", "screen"))
    return PLAIN if plain else DEFAULT
