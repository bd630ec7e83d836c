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

REMEMBERED = "theme"
"""What the theme chosen last is remembered under."""

NEEDED = ("primary", "accent", "foreground", "background", "success", "warning", "error")
VARIABLES = ("muted", "rule", "cursor", "cursor-text", "rotting")
"""Colours that the toolkit knows nothing of."""
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


def folders(env: Mapping[str, str] | None = None) -> tuple[Path, ...]:
    """Return where themes are: the user's folder first, then the program's own."""
    package = Path(__file__).resolve().parent.parent
    inside = package / "themes"
    own = inside if inside.is_dir() else package.parent / "themes"
    if env is None:
        return (own,)
    from tuicrm.crm.memory import config_folder

    return (config_folder(env) / "themes", own)


def names(env: Mapping[str, str] | None = None) -> list[str]:
    """Return the names of all themes, the user's own among them."""
    return sorted({one.stem for folder in folders(env) for one in folder.glob("*.toml")})


def load(name: str, env: Mapping[str, str] | None = None) -> Theme:
    """Return a theme by its name, the user's before one of the program's; Invalid names the themes there are."""
    import tomllib

    plain = name and not set(name) & set("/\\") and not name.startswith(".")
    held = [path for folder in folders(env) if (path := folder / f"{name}.toml").is_file()] if plain else []
    if not held:
        raise Invalid(f"there is no theme called {name!r}; there are {', '.join(names(env))}", field="theme")
    try:
        data = tomllib.loads(held[0].read_text(encoding="utf-8"))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError, OSError) as error:
        raise Invalid(f"the theme file {held[0]} cannot be read: {error}", field="theme") from error
    return made(name, data)


def made(name: str, data: Mapping[str, Any]) -> Theme:
    """Return the theme that the contents of a file describe; Invalid names what is wrong in it."""
    from textual.theme import Theme

    colours: dict[str, Any] = {key: text for key, text in _texts(name, data, "colours").items() if key in COLOURS}
    variables = _texts(name, data, "variables")
    for part, held, wanted in (("colours", colours, NEEDED), ("variables", variables, VARIABLES)):
        lacking = [key for key in wanted if key not in held]
        if lacking:
            raise Invalid(f"the theme {name!r} lacks {', '.join(lacking)} in [{part}]", field="theme")
    for key, text in (*colours.items(), *variables.items()):
        _check(name, key, text)
    return Theme(
        name=name,
        dark=bool(data.get("dark", True)),
        ansi=bool(data.get("ansi", False)),
        variables=variables,
        **colours,
    )


def _texts(name: str, data: Mapping[str, Any], part: str) -> dict[str, str]:
    held = data.get(part, {})
    if not isinstance(held, dict) or not all(isinstance(text, str) for text in held.values()):
        raise Invalid(f"in the theme {name!r} [{part}] must hold colours in quotes", field="theme")
    return dict(held)


def _check(name: str, key: str, text: str) -> None:
    from textual.color import Color, ColorParseError

    try:
        Color.parse(text)
    except ColorParseError:
        raise Invalid(f"in the theme {name!r} {key} = {text!r} is no colour such as #e0a030", field="theme") from None


def chosen(env: Mapping[str, str], *, remote: bool = False, configured: str = "") -> str:
    """Return the theme's name for this terminal.

    What TUICRM_THEME says, else what suits a slow line, a plain terminal or who wants no colours, else what was chosen
    last, else what the configuration says.
    """
    from tuicrm.crm.memory import recall

    named = env.get("TUICRM_THEME", "")
    if named:
        return named
    colours = env.get("COLORTERM", "")
    old = not colours and env.get("TERM", "") in ("linux", "vt100", "vt220", "xterm", "ansi", "screen")
    plain = remote or bool(env.get("NO_COLOR")) or old
    return PLAIN if plain else recall(env, REMEMBERED) or configured or DEFAULT
