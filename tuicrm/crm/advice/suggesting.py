"""The ranked list: what all reasons found, put together by what it concerns, the most worth doing first.

The score is weight x urgency x worth x chance. Worth times chance is the value that is expected; times urgency it is
the cost of delay, by which work is ordered where each piece takes about as long (a call, an e-mail, a date). Each
factor only ever raises the score, and reasons about one thing add up, so that nothing sinks because more speaks for it.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, NamedTuple

from tuicrm.crm.advice.dismissing import hidden
from tuicrm.crm.advice.ground import Ground
from tuicrm.crm.advice.registry import REASONS
from tuicrm.crm.advice.stake import LOOSE, stake_text
from tuicrm.crm.advice.weights import weights

if TYPE_CHECKING:
    from collections.abc import Collection, Sequence

    from tuicrm.crm.advice.reason import Hit, Ref, Told
    from tuicrm.crm.session import Session

Record = dict[str, Any]


class Found(NamedTuple):
    """What one reason found, with its score."""

    reason: str
    hit: Hit
    score: float


@dataclass(frozen=True, slots=True)
class Suggestion:
    """One thing to do: by the strongest reason, with the others beside it."""

    found: tuple[Found, ...]
    """What speaks for it, the strongest first."""
    ground: Ground

    @property
    def first(self) -> Found:
        """What it is suggested for."""
        return self.found[0]

    @property
    def kind(self) -> str:
        """The kind of the record that is acted upon."""
        return self.first.hit.kind

    @property
    def id(self) -> str:
        """The id of the record that is acted upon."""
        return self.first.hit.id

    @property
    def score(self) -> float:
        """What it is ranked by."""
        return sum(one.score for one in self.found)

    def told(self) -> Told:
        """Return it in words."""
        return REASONS[self.first.reason].tell(self.ground, self.first.hit)

    def reasons(self) -> list[str]:
        """Return all that speaks for it, and what is at stake."""
        said = [why for one in self.found for why in REASONS[one.reason].tell(self.ground, one.hit).why]
        hit = self.first.hit
        if hit.stake is LOOSE:
            return said
        name = f"{_title(self.ground.session, *hit.about)} " if hit.about != (hit.kind, hit.id) else ""
        return [*dict.fromkeys(said), name + stake_text(hit.stake)]


def suggestions(
    session: Session, *, user: str = "", kinds: Collection[str] = (), dismissed: bool = False
) -> list[Suggestion]:
    """Return what a user might do (everybody where none is named), best first; `kinds` are keys of reasons.

    With `dismissed`, only what was sent away.
    """
    from tuicrm.store.quiet import quiet_gc

    ground = Ground(session, user)
    with quiet_gc():
        found = _found(ground, kinds, dismissed=dismissed)
        for one in found.values():
            one.sort(key=_rank)
        made = [Suggestion(tuple(one), ground) for one in found.values()]
        made.sort(key=lambda one: (-one.score, one.id))
    return made


def _found(ground: Ground, kinds: Collection[str], *, dismissed: bool) -> dict[Ref, list[Found]]:
    """Return what the reasons find, by what it concerns."""
    session, user, weight = ground.session, ground.user, weights(ground.session)
    is_hidden = hidden(session, {session.me, user or session.me})
    held: dict[Ref, list[Found]] = {}
    for key, reason in REASONS.items():
        if weight[key] <= 0 or (kinds and key not in kinds):
            continue
        for hit in reason.find(ground):
            if is_hidden(key, hit) == dismissed:
                held.setdefault(hit.about, []).append(Found(key, hit, weight[key] * hit.urgency * hit.stake.size))
    return held


def _rank(one: Found) -> tuple[float, str, str]:
    return (-one.score, one.hit.id, one.reason)


def explained(session: Session, one: Suggestion) -> list[str]:
    """Return how the score came about, a line for each reason."""
    weight = weights(session)
    return [
        f"{found.score:.0f} = {found.reason} {weight[found.reason]:g} x urgency {found.hit.urgency:.2f} "
        f"x worth {found.hit.stake.counted_worth:.2f} x chance {found.hit.stake.counted_chance} "
        f"({stake_text(found.hit.stake)})"
        for found in one.found
    ]


def matching(session: Session, held: Sequence[Suggestion], text: str) -> Suggestion:
    """Return the suggestion that a text names: an id, its end, or the name of what it concerns."""
    from tuicrm.errors import Ambiguous, NotFound

    exact: list[Suggestion] = []
    within: list[Suggestion] = []
    for one in held:
        fits = _fits(session, one, text.strip())
        if fits:
            (exact if fits > 1 else within).append(one)
    found = exact or within
    if len(found) == 1:
        return found[0]
    if not found:
        raise NotFound(f"no suggestion is about {text!r}; tuicrm next lists them with their ids")
    raise Ambiguous(
        f"{text!r} fits {len(found)} suggestions",
        candidates=[(one.id, one.told().say) for one in found[:8]],
        hint="name it by its id, or by more of its name",
    )


def _fits(session: Session, one: Suggestion, wanted: str) -> int:
    """Return 2 where a text names a suggestion, 1 where it is part of what that says or concerns, else 0."""
    from tuicrm.folding import fold

    about = one.first.hit.about
    ids = {one.id, about[1], *(found.hit.id for found in one.found)}
    if len(wanted) >= 4 and any(key.endswith(wanted.upper()) for key in ids):
        return 2
    folded = fold(wanted)
    names = [fold(_title(session, *ref)) for ref in {(one.kind, one.id), about}]
    if folded in names:
        return 2
    return int(bool(folded) and any(folded in name for name in (*names, fold(one.told().say))))


def _title(session: Session, kind: str, key: str) -> str:
    from tuicrm.crm.lookup import title

    return title(session, kind, session.ws.get(kind, key) or {"id": key})
