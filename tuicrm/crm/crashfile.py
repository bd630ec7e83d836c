"""Reports about the unexpected: a file that only the user can read, and that names no customer's data of itself."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping


def write_report(error: BaseException, about: str, env: Mapping[str, str], name: str) -> str:
    """Write what is known about an unexpected error; return the path, or an empty string where that cannot be done."""
    import os
    import traceback

    from tuicrm import __version__
    from tuicrm.crm.memory import PRIVATE_FILE, state_folder
    from tuicrm.store.files import make_path

    try:
        folder = state_folder(env)
        make_path(str(folder))
        path = folder / name
        text = "".join([f"tuicrm {__version__}\n{about}\n", *traceback.format_exception(error)])
        with open(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC | os.O_NOFOLLOW, PRIVATE_FILE), "wb") as file:
            file.write(text.encode("utf-8", "backslashreplace"))
    except OSError:
        return ""
    return str(path)
