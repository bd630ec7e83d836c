"""Paths as arguments: taken as they are typed, whether anything is there or not."""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING

import click

if TYPE_CHECKING:
    from click.shell_completion import CompletionItem

    Base = click.ParamType[Path]
else:
    # Generic only for the type checker: older releases of click are not.
    Base = click.ParamType


class FilePath(Base):
    """A path; unlike click's own it does not look at the disk, which fails on names that no file can have."""

    name = "path"

    def convert(self, value: str | Path, param: click.Parameter | None, ctx: click.Context | None) -> Path:
        """Return the path, or refuse what no file can be called."""
        if "\0" in str(value):
            self.fail("the name holds a NUL character, which no file's can", param, ctx)
        try:
            os.fsencode(value)
        except UnicodeEncodeError:
            self.fail("the name holds half a character, which no file's can", param, ctx)
        return Path(value)

    def shell_complete(self, ctx: click.Context, param: click.Parameter, incomplete: str) -> list[CompletionItem]:
        """Let the shell complete files."""
        from click.shell_completion import CompletionItem

        return [CompletionItem(incomplete, type="file")]
