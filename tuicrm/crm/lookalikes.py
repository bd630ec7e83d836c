"""Records that look the same as what is being typed: by address, by number, by domain, by name."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from tuicrm.crm import phones
from tuicrm.crm.shapes import word, words
from tuicrm.folding import fold, latin

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from tuicrm.crm.session import Session

Record = dict[str, Any]
Keys = tuple[tuple[str, str], ...]
"""What a record is recognised by: (what it is, folded text)."""

KINDS = ("company", "contact", "lead", "deal", "product")
"""The kinds in which two records for one thing are a nuisance."""

_WORDS = re.compile(r"[^\W_]+")
_FORM_WORDS = (
    "gmbh mbh ag kg ohg ug ev se inc incorporated corp corporation co company llc llp lp ltd limited plc pty bv nv "
    "vof sa sas sarl sarlau srl spa sl slu scs oy oyj ab as asa aps kft zrt doo dd sro ooo oao zao pao ао ооо зао "
    "оао пао αε επε οε εε ικε ae epe ike holding holdings group "
    "شرکت گروه هلدینگ سهامی خاص عام"
)
"""Words that say what form a company has, not which one it is; folded, without the points of `S.A.`."""
_FORMS = frozenset(_FORM_WORDS.split())

EMAIL, PHONE, DOMAIN, NAME, _HEAD, _TAIL = "e-mail", "phone", "domain", "name", "head", "tail"
SCORES = {EMAIL: 100, PHONE: 90, DOMAIN: 85, NAME: 80}
NEAR = 50
TOGETHER = 10
"""What a second sign in common adds, such as the company that two people of one name work for."""
_FREE_MAIL = (
    "gmail.com googlemail.com yahoo.com yahoo.co.uk yahoo.de yahoo.fr ymail.com hotmail.com hotmail.co.uk outlook.com "
    "live.com msn.com icloud.com me.com mac.com aol.com gmx.de gmx.net gmx.at gmx.ch gmx.com web.de t-online.de "
    "freenet.de mail.com mail.ru inbox.ru list.ru bk.ru yandex.ru yandex.com ya.ru ukr.net seznam.cz wp.pl o2.pl "
    "onet.pl interia.pl libero.it virgilio.it tiscali.it orange.fr wanadoo.fr free.fr laposte.net sfr.fr bluewin.ch "
    "telenet.be skynet.be ziggo.nl kpnmail.nl proton.me protonmail.com pm.me tutanota.com tuta.com fastmail.com "
    "zoho.com hey.com qq.com 163.com 126.com sina.com naver.com daum.net rediffmail.com uol.com.br bol.com.br "
    "btinternet.com comcast.net verizon.net att.net sbcglobal.net cox.net chmail.ir"
)
FREE_MAIL = frozenset(_FREE_MAIL.split())
"""Domains at which everybody can have an address: they say nothing about where somebody works."""
_PIECE = 3
LEAST = 6
"""Shorter names are compared in full only: one letter makes another name of them."""
_MANY = 400
"""At most so many records of a similar name are compared."""
NUMBER_END = 6


@dataclass(frozen=True, slots=True)
class Lookalike:
    """A record that may be the one that is being typed."""

    kind: str
    id: str
    why: str
    """What they have in common: `e-mail`, `phone`, `domain`, `name`, or `similar name`."""
    score: int


def lookalikes(
    session: Session,
    kind: str,
    typed: Mapping[str, Sequence[str]],
    *,
    but: str = "",
    limit: int = 5,
    once: bool = False,
) -> list[Lookalike]:
    """Return the records that look like what is typed (field name -> texts), the most alike first; `but` is left out.

    References in `typed` are ids. Names fit whatever their case, accents, order (of people's names) and legal form.
    Who asks `once` and no more is answered sooner, and has nothing kept for the next question.
    """
    name = session.kind(kind).name
    if name not in KINDS:
        return []
    asked = list(signs(name, typed))
    index = _index_for(session, name, asked) if once else _index(session, name)
    found: dict[str, tuple[int, str]] = {}
    for why, key in asked:
        for one in index.having(why, key):
            _better(found, one, SCORES[why], why)
        if why == NAME:
            for one in index.near(key):
                _better(found, one, NEAR, "similar name")
    found.pop(but, None)
    records = session.ws.all(name)
    company = word("".join(typed.get("company", ())[:1]))
    made: list[Lookalike] = []
    for key, (score, why) in found.items():
        record = records.get(key)
        if record is None:
            continue
        if name == "deal" and company and word(record.get("company")) != company:
            continue
        together = TOGETHER if company and word(record.get("company")) == company else 0
        made.append(Lookalike(name, key, why, score + together))
    return sorted(made, key=lambda one: (-one.score, one.id))[:limit]


def _better(found: dict[str, tuple[int, str]], key: str, score: int, why: str) -> None:
    if score > found.get(key, (0, ""))[0]:
        found[key] = (score, why)


def name_key(kind: str, name: str) -> str:
    """Return the form in which names are the same name; empty where nothing is left to compare."""
    text = fold(name).replace(".", "")
    parts: list[str] = _WORDS.findall(text)
    if kind == "company":
        parts = [one for one in parts if one not in _FORMS] or parts
    if not text.isascii():
        parts = [latin(one) for one in parts]
    if kind in ("contact", "lead"):
        # `Roe, Jane` is Jane Roe.
        parts.sort()
    return "".join(parts)


def domain_key(text: str) -> str:
    """Return the bare domain of a web address, an e-mail address or a domain; empty where there is none."""
    bare = fold(text.strip()).rpartition("//")[2].rpartition("@")[2]
    host = re.split(r"[/:?#\s]", bare, maxsplit=1)[0].removeprefix("www.").strip(".")
    return host if "." in host else ""


def signs(kind: str, fields: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    """Yield what a record, or what is typed, is recognised by."""
    for name in words(fields.get("name")):
        if key := name_key(kind, name):
            yield NAME, key
    for name in ("emails", "email"):
        for address in words(fields.get(name)):
            if "@" in address:
                yield EMAIL, fold(address.strip())
    for name in ("phones", "phone"):
        for number in words(fields.get(name)):
            if len(core := phones.core(number)) >= NUMBER_END:
                yield PHONE, core
    if kind == "company":
        for name in ("domain", "website"):
            for address in words(fields.get(name)):
                if (host := domain_key(address)) and host not in FREE_MAIL:
                    yield DOMAIN, host


class _Index:
    """The records of a kind by each sign, or by `only` some; it finds out by itself which records changed."""

    def __init__(self, kind: str, only: frozenset[tuple[str, str]] | None = None) -> None:
        self._kind = kind
        self._only = only
        self._seen: dict[str, tuple[Record, Keys]] = {}
        self._ids: dict[tuple[str, str], dict[str, str]] = {}
        """By (sign, key) the ids, each with the whole key that it stands there for."""
        self._revision = -1

    def look(self, session: Session) -> None:
        """Catch up with the workspace: records are replaced, never changed in place."""
        if self._revision == session.ws.revision:
            return
        self._revision = session.ws.revision
        records = session.ws.all(self._kind)
        for key in [key for key in self._seen if key not in records]:
            self._drop(key)
        for key, record in records.items():
            held = self._seen.get(key)
            if held is None or held[0] is not record:
                if held is not None:
                    self._drop(key)
                self._add(key, record)

    def _add(self, key: str, record: Record) -> None:
        found = tuple(signs(self._kind, record))
        self._seen[key] = (record, found)
        for why, text in found:
            for place in _places(why, text):
                if self._only is None or place in self._only:
                    self._ids.setdefault(place, {})[key] = text

    def _drop(self, key: str) -> None:
        held = self._seen.pop(key, None)
        for why, text in held[1] if held else ():
            for place in _places(why, text):
                self._ids.get(place, {}).pop(key, None)

    def having(self, why: str, text: str) -> list[str]:
        """Return the ids that have exactly this sign; numbers also with or without a country code."""
        if why == PHONE:
            there = self._ids.get((PHONE, text[-NUMBER_END:]), {})
            return [one for one, number in there.items() if phones.same(number, text)]
        return list(self._ids.get((why, text), ()))

    def near(self, text: str) -> list[str]:
        """Return the ids whose name is one slip of a finger away: it leaves the beginning or the end as it is."""
        if len(text) < LEAST:
            return []
        found: list[str] = []
        for place in ((_HEAD, text[:_PIECE]), (_TAIL, text[-_PIECE:])):
            for count, (one, name) in enumerate(self._ids.get(place, {}).items()):
                if count == _MANY:
                    break
                if name != text and one_slip(name, text):
                    found.append(one)
        return found


def _places(why: str, text: str) -> list[tuple[str, str]]:
    """Return where a sign is indexed."""
    if why == PHONE:
        return [(PHONE, text[-NUMBER_END:])]
    if why == NAME and len(text) >= LEAST - 1:
        return [(why, text), (_HEAD, text[:_PIECE]), (_TAIL, text[-_PIECE:])]
    return [(why, text)]


def one_slip(one: str, other: str) -> bool:
    """Tell whether two different texts differ by a letter put in, left out, taken for another, or swapped."""
    if abs(len(one) - len(other)) > 1:
        return False
    start = next((at for at, pair in enumerate(zip(one, other, strict=False)) if pair[0] != pair[1]), None)
    if start is None:
        return True
    rest, there = one[start:], other[start:]
    if len(rest) == len(there):
        return rest[1:] == there[1:] or (rest[2:] == there[2:] and rest[:2] == there[1::-1])
    return rest[1:] == there or rest == there[1:]


def _index(session: Session, kind: str) -> _Index:
    held: _Index = session.kept.setdefault(f"lookalikes {kind}", _Index(kind))
    held.look(session)
    return held


def _index_for(session: Session, kind: str, asked: Sequence[tuple[str, str]]) -> _Index:
    """Return an index that answers for these signs alone."""
    index = _Index(kind, frozenset(place for why, text in asked for place in _places(why, text)))
    index.look(session)
    return index
