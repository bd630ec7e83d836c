"""A line item in one line of text: `20 Team plan @ 49.99 -10%`."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from tuicrm.crm.lineitems import called
from tuicrm.crm.shapes import word
from tuicrm.errors import Invalid

if TYPE_CHECKING:
    from collections.abc import Mapping

    from tuicrm.crm.session import Session

_LINE = re.compile(
    r"(?:(?P<quantity>\d+(?:\.\d+)?)(?:\s*[x×])?\s+)?(?P<name>.+?)"
    r"(?:\s+@\s*(?P<price>[^@%]+?))?(?:\s+-\s*(?P<discount>[\d.]+)\s*%(?:\s+(?P<discount_reason>.+?))?)?"
)
EXAMPLE = "20 Team plan @ 49.99 -10% three years"


def read(session: Session, text: str, held: Mapping[str, Any] | None = None) -> dict[str, str]:
    """Return what a line says of an item, by field; of one that is changed (`held`), what is left out is cleared."""
    found = _LINE.fullmatch(" ".join(text.split()))
    if found is None:
        raise Invalid(f"that is no item, as in {EXAMPLE}")
    said = {name: value or "" for name, value in found.groupdict().items()}
    name = said.pop("name")
    if held is None:
        return {**_named(session, name), **{one: value for one, value in said.items() if value}}
    if name != called(session, held):
        made = _named(session, name)
        said |= {"product": "", "name": "", **made}
        if "product" in made and not said["price"]:
            # Its own list price is taken over, as for an item that is added.
            del said["price"]
    return said


def write(session: Session, item: Mapping[str, Any]) -> str:
    """Return the line that says what an item says."""
    price, discount = word(item.get("price")), word(item.get("discount"))
    parts = [str(item.get("quantity") or 1), called(session, item), f"@ {price}" if price else ""]
    parts.append(f"-{discount}% {word(item.get('discount_reason'))}".rstrip() if discount else "")
    return " ".join(filter(None, parts))


def _named(session: Session, name: str) -> dict[str, str]:
    """Return the product that a name means, in full or by its beginning; the name itself where it means none."""
    from tuicrm.folding import fold

    wanted = fold(name)
    products = {key: fold(word(one.get("name"))) for key, one in session.ws.all("product").items()}
    exact = [key for key, held in products.items() if held == wanted]
    found = exact or [key for key, held in products.items() if held.startswith(wanted)]
    return {"product": found[0]} if len(found) == 1 else {"name": name}
