"""The boxes of a stage, as the team edits them: added, taken away, put into other words."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from tuicrm.crm.shapes import table
from tuicrm.crm.stages import texts
from tuicrm.errors import Ambiguous, Invalid, NotFound

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from tuicrm.crm.stages import Check

Entry = dict[str, Any]


def with_checks(
    pipeline: Mapping[str, Any],
    stage: str,
    *,
    added: Sequence[str] = (),
    removed: Sequence[str] = (),
    renamed: Sequence[tuple[str, str]] = (),
) -> dict[str, Entry]:
    """Return the entries of the stages that differ, by key, once boxes of the stage `stage` are changed.

    A box that another stage has in the same words is the same box: it is ticked once, and renamed in both.
    """
    held = table(pipeline.get("stages"))
    checks = {key: table(one.get("checks")) for key, one in held.items()}
    before = {key: dict(one) for key, one in checks.items()}
    for old, text in renamed:
        key = _find(texts(checks[stage]), old).key
        words = _proper(text)
        _refuse_same(checks[stage], words, key)
        for name, boxes in checks.items():
            if key in boxes:
                checks[name] = {**boxes, key: {**boxes[key], "text": words}}
    for text in removed:
        del checks[stage][_find(texts(checks[stage]), text).key]
    for text in added:
        _add(checks, stage, _proper(text))
    # An empty map is no leaf, so it goes altogether.
    return {key: _entry(held[key], checks[key]) for key in held if checks[key] != before[key]}


def _entry(entry: Entry, checks: Mapping[str, Entry]) -> Entry:
    kept = {name: value for name, value in entry.items() if name != "checks"}
    return {**kept, "checks": dict(checks)} if checks else kept


def _add(checks: dict[str, dict[str, Entry]], stage: str, text: str) -> None:
    from tuicrm.crm.ordering import between
    from tuicrm.crm.stagespec import free_key
    from tuicrm.folding import fold, slug

    _refuse_same(checks[stage], text, "")
    everywhere = {fold(one.text): one.key for boxes in checks.values() for one in texts(boxes)}
    taken = {key for boxes in checks.values() for key in boxes}
    key = everywhere.get(fold(text)) or free_key(slug(text), taken)
    last = max((str(one.get("order", "")) for one in checks[stage].values()), default="")
    checks[stage] = {**checks[stage], key: {"text": text, "order": between(last, "")}}


def _proper(text: str) -> str:
    from tuicrm.crm.parsing import refuse_unstorable
    from tuicrm.crm.stagespec import LONGEST

    words = " ".join(text.split())
    refuse_unstorable(words, "check")
    if not words:
        raise Invalid("check: a box needs words, as in 'decision maker named'", field="check")
    if len(words) > LONGEST:
        raise Invalid(f"check: {words[:30]}... is longer than {LONGEST} characters", field="check")
    return words


def _refuse_same(boxes: Mapping[str, Entry], text: str, own: str) -> None:
    from tuicrm.folding import fold

    if any(fold(one.text) == fold(text) and one.key != own for one in texts(boxes)):
        raise Invalid(f"check: the stage has {text!r} already", field="check")


def _find(held: Sequence[Check], text: str) -> Check:
    """Return the box of a stage that a text means: its words or key, else how they begin."""
    from tuicrm.folding import fold

    wanted = fold(text.strip())
    found = [one for one in held if wanted in (one.key, fold(one.text))]
    found = found or [one for one in held if wanted and fold(one.text).startswith(wanted)]
    if len(found) == 1:
        return found[0]
    if found:
        raise Ambiguous(f"{text!r} fits several checks: {', '.join(one.text for one in found)}", candidates=[*found])
    there = f"its checks are {', '.join(one.text for one in held)}" if held else "it has none"
    raise NotFound(f"the stage has no check {text.strip()!r}; {there}")
