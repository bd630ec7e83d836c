"""Ways of saying what open deals will bring; each answers for one deal at a time."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Protocol

from tuicrm.crm import derive
from tuicrm.errors import Invalid

if TYPE_CHECKING:
    from collections.abc import Callable
    from decimal import Decimal

    from tuicrm.crm.session import Session

Record = dict[str, Any]


class Method(Protocol):
    """What a forecast asks of a method."""

    name: str
    says: str
    """In a few words, how it works."""

    def expected(self, deal: Record) -> Decimal | None:
        """Return what an open deal should bring, in its own currency and exact; None where its value is unknown."""


class Weighted:
    """Every deal counts with its value times its probability."""

    name = "weighted"
    says = "value times probability"

    def __init__(self, session: Session) -> None:
        self._facts = derive.deals(session)

    def expected(self, deal: Record) -> Decimal | None:
        """Return value times probability."""
        return self._facts.weighted(deal)


METHODS: dict[str, Callable[[Session], Method]] = {"weighted": Weighted}
DEFAULT = "weighted"


def method_named(session: Session, name: str = "") -> Method:
    """Return a method, the default one where no name is given; Invalid names those there are."""
    make = METHODS.get(name or DEFAULT)
    if make is None:
        raise Invalid(f"there is no forecast method {name!r}; use {', '.join(METHODS)}", field="method")
    return make(session)
