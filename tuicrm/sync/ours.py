"""`tuicrm.json` and `.gitattributes`, the workspace's own files beside its data: they always merge."""

from __future__ import annotations

from codecs import BOM_UTF8
from collections.abc import Mapping
from functools import partial
from typing import TYPE_CHECKING, NamedTuple

import orjson

from tuicrm.errors import Decision, Invalid
from tuicrm.store.manifest import ATTRIBUTES, FORMAT, RULE
from tuicrm.store.manifest import NAME as MANIFEST
from tuicrm.store.ulid import is_ulid

if TYPE_CHECKING:
    from collections.abc import Sequence


Files = Mapping[str, bytes | None]
"""Name to content; None, or no entry, where a side has no such file."""


def merge_ours(bases: Sequence[Files], ours: Files, theirs: Files, *, adopt: bool = False) -> dict[str, bytes]:
    """Return what `tuicrm.json` and `.gitattributes` are to hold; without an entry where neither side has one.

    Raises Decision where the two are different workspaces, unless this one adopts the other's identity, and Invalid
    where the remote's is of a format that only a later tuicrm knows.
    """
    merged = {}
    for name, merge in ((MANIFEST, partial(_merge_manifest, adopt=adopt)), (ATTRIBUTES, _merge_attributes)):
        known = (base.get(name) for base in bases)
        content = merge([one for one in known if one is not None], ours.get(name), theirs.get(name))
        if content is not None:
            merged[name] = content
    return merged


def _merge_manifest(bases: Sequence[bytes], ours: bytes | None, theirs: bytes | None, *, adopt: bool) -> bytes | None:
    mine, others = _told(ours), _told(theirs)
    if others is None:
        return ours if ours is not None else theirs
    if others.format > FORMAT:
        raise Invalid(
            f"The remote's {MANIFEST} has format {others.format}, written by a later tuicrm; "
            f"this one knows format {FORMAT}.",
            hint="Update tuicrm on this machine.",
        )
    if mine is None:
        return theirs
    if mine.id != others.id:
        if adopt:
            return theirs
        raise Decision(
            "the remote holds another workspace than this one: the two were started apart",
            hint="tuicrm sync --adopt puts this workspace's records into the remote's; or name another remote.",
        )
    if theirs in bases:
        return ours
    if ours in bases:
        return theirs
    return ours if (mine.format, mine.canonical) >= (others.format, others.canonical) else theirs


class _Manifest(NamedTuple):
    format: int
    id: str
    canonical: bytes


def _told(data: bytes | None) -> _Manifest | None:
    """Read a manifest; None where it is none."""
    if data is None:
        return None
    try:
        told = orjson.loads(data.removeprefix(BOM_UTF8))
    except orjson.JSONDecodeError:
        return None
    if not isinstance(told, dict) or type(told.get("format")) is not int or not is_ulid(told.get("id")):
        return None
    return _Manifest(told["format"], told["id"], orjson.dumps(told, option=orjson.OPT_SORT_KEYS))


def _merge_attributes(bases: Sequence[bytes], ours: bytes | None, theirs: bytes | None) -> bytes | None:
    """Keep lines that both have, drop those that one side dropped, and add what each added; our rule always stays."""
    if ours == theirs or theirs is None:
        return ours
    if ours is None:
        return theirs
    before = dict.fromkeys(line for base in bases for line in base.splitlines())
    mine, others = dict.fromkeys(ours.splitlines()), dict.fromkeys(theirs.splitlines())
    kept = [line for line in before if line in mine and line in others]
    # In an order that does not depend on which side is called ours.
    fresh = sorted([line for line in side if line not in before] for side in (mine, others))
    lines = list(dict.fromkeys([*kept, *fresh[0], *fresh[1]]))
    if RULE.strip() not in (line.strip() for line in lines):
        lines.append(RULE.strip())
    return b"\n".join(lines) + b"\n"
