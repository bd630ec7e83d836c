"""Which company and contact a lead becomes: the one that is meant, the one that is surely the same, or a new one."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

from tuicrm.crm.lookalikes import NAME, SCORES, TOGETHER, Lookalike, lookalikes
from tuicrm.crm.lookup import find, label, title
from tuicrm.crm.shapes import word, words
from tuicrm.errors import Ambiguous, Invalid, NotFound
from tuicrm.records.merged import MERGED_INTO

if TYPE_CHECKING:
    from collections.abc import Mapping

    from tuicrm.crm.session import Session
    from tuicrm.records.field import Field
    from tuicrm.store.changes import Change

Record = dict[str, Any]

SURE = SCORES[NAME] + TOGETHER
"""A person of the same name is the same one only where something else fits: address, number or company."""
OF_PERSON = ("title", "country")
OF_FIRM = ("country", "industry", "employees")
CARRIED = ("owner", "tags", "source")


class Found(NamedTuple):
    """A record that a lead belongs to; no id for none."""

    id: str = ""
    said: str = ""
    """`Acme GmbH (same domain)`, `new: Acme`."""


class Alike(Ambiguous):
    """Records of one kind that the lead may be; `kind` says which."""

    kind = ""


class Become:
    """What a conversion makes, step by step."""

    def __init__(self, session: Session, lead: Record, fresh: dict[tuple[str, str], Record] | None = None) -> None:
        self.session = session
        self.lead = lead
        self.made: list[Change] = []
        self.said: list[str] = []
        self._new = {} if fresh is None else fresh
        """What this step has made already, for other leads as well, by kind and id."""

    def say(self, *lines: str) -> None:
        """Keep sentences about what was found or made."""
        self.said.extend(lines)

    def known(self, kind: str, key: str) -> Mapping[str, Any]:
        """Return a record, also one that is only about to be made; nothing where there is none."""
        return self._new.get((kind, key)) or self.session.ws.get(kind, key) or {}

    def just_made(self, kind: str, name: str) -> str:
        """Return the id of a record of this name that the same step makes, as for a colleague; empty for none."""
        from tuicrm.crm.lookalikes import name_key

        wanted = name_key(kind, name)
        held = (key for (of, key), one in self._new.items() if of == kind and name_key(kind, one["name"]) == wanted)
        return next(held, "")

    def id_for(self, kind: str) -> str:
        """Return the id of what a lead becomes: the one that every clone works out alike.

        What an earlier conversion made and undo took away comes back under its id; what is in use, or was erased or
        merged, keeps its id to itself.
        """
        from tuicrm.crm.touches import id_ms
        from tuicrm.store.ulid import alike

        ms, number = id_ms(self.lead["id"]), 0
        while True:
            key = alike(ms, "converted", self.lead["id"], kind, *([str(number)] if number else []))
            if self.session.ws.stored.any(kind, key) is None or _free(self._gone(kind, key)):
                return key
            number += 1

    def _gone(self, kind: str, key: str) -> Mapping[str, Any]:
        return self.session.ws.dead(kind).get(key) or {}

    def write(self, kind: str, key: str, fields: Record) -> None:
        """Add a record, or bring back what an earlier conversion made, with nothing left of what it held then."""
        from tuicrm.crm.checks import check
        from tuicrm.store.changes import Revive, Write

        held = {name: value for name, value in fields.items() if value not in (None, "", [], {})}
        record = {"id": key, **held}
        check(self.session, self.session.kind(kind), None, record, record)
        self._new[kind, key] = record
        if gone := self._gone(kind, key):
            self.made.append(Revive(kind, key))
            held = {**{name: None for name in gone if name[:1] != "_" and name != "id"}, **held}
        self.made.append(Write(kind, key, held))

    def carry(self, kind: str, fields: Record) -> None:
        """Put what both kinds know of the lead into fields that are still empty: tags, owner, source, own fields."""
        declared = self.session.kind(kind).by_name
        own = [one.name for one in self.session.kind("lead").custom if _fits(one, declared.get(one.name))]
        for name in (*CARRIED, *own):
            value = self.lead.get(name)
            if value in (None, "", [], {}) or name not in declared:
                continue
            if name == "tags":
                fields["tags"] = list(dict.fromkeys([*words(fields.get("tags")), *words(value)]))
            elif not fields.get(name):
                fields[name] = value


def _free(gone: Mapping[str, Any]) -> bool:
    """Tell whether a removed record may be filled in afresh: it was neither erased nor made one with another."""
    return bool(gone) and not gone.get(MERGED_INTO) and not (gone.get("_del") or {}).get("purged")


def _fits(field: Field, other: Field | None) -> bool:
    """Tell whether a field of the team's own is there on another kind, and holds the same."""
    if other is None or not other.custom or other.type.name != field.type.name:
        return False
    return not field.type.choices or set(field.type.choices) <= set(other.type.choices)


def company_for(become: Become, asked: str, *, fresh: bool = False) -> Found:
    """Return the company of a lead, and add it to what is made where there is none."""
    session, lead = become.session, become.lead
    if asked.strip() and not fresh:
        try:
            record = find(session, "company", asked)
        except NotFound:
            return _new_company(become, asked.strip())
        return _told(become, "company", record["id"], "")
    name = asked.strip() or word(lead.get("company_name")).strip()
    if not fresh:
        if name and (made := become.just_made("company", name)):
            return Found(made, name)
        domains = _domains(lead)
        alike = lookalikes(session, "company", {"name": [name] if name else [], "domain": domains})
        sure = [one for one in alike if one.score >= SCORES[NAME]]
        # The name that was said goes before the domain of somebody's address.
        named = [one for one in sure if one.why == NAME]
        if found := _one(become, "company", named or sure, name):
            return found
        if alike and name:
            near = session.ws.all("company")[alike[0].id]
            become.say(f"a company of a similar name is there: {title(session, 'company', near)}")
    return _new_company(become, name) if name else Found()


def _domains(lead: Record) -> list[str]:
    from tuicrm.crm.freemail import FREE_MAIL
    from tuicrm.crm.lookalikes import domain_key

    found = (domain_key(one) for one in words(lead.get("emails")))
    return [one for one in dict.fromkeys(found) if one and one not in FREE_MAIL]


def _new_company(become: Become, name: str) -> Found:
    from tuicrm.crm.parsing import refuse_unstorable

    refuse_unstorable(name, "company")
    key, lead = become.id_for("company"), become.lead
    fields: Record = {"name": name, **{one: lead.get(one) for one in OF_FIRM}}
    domains = _domains(lead)
    if len(domains) == 1:
        fields["domain"] = domains[0]
    become.carry("company", fields)
    fields.pop("tags", None)
    become.write("company", key, fields)
    become.say(f"new company {name}")
    return Found(key, f"new: {name}")


def contact_for(become: Become, asked: str, company: str, *, fresh: bool = False) -> Found:
    """Return the person that a lead is, and add them to what is made where nobody here is."""
    session, lead = become.session, become.lead
    if asked.strip() and not fresh:
        try:
            record = find(session, "contact", asked)
        except NotFound:
            return _new_contact(become, asked.strip(), company)
        return _known_contact(become, record["id"], "", company)
    name = asked.strip() or word(lead.get("name")).strip()
    if not fresh:
        before = session.ws.get("contact", word(lead.get("contact")))
        if before is not None:
            # It was converted once, and put back on the list.
            return _known_contact(become, before["id"], "", company)
        typed = {"name": [name], "emails": words(lead.get("emails")), "phones": words(lead.get("phones"))}
        alike = lookalikes(session, "contact", {**typed, "company": [company] if company else []})
        sure = [one for one in alike if one.score >= SURE]
        best = [one for one in sure if one.score == sure[0].score]
        namesakes = [] if sure else [one for one in alike if one.why == NAME and _may_be(session, one, company)]
        if namesakes:
            raise _several(become, "contact", namesakes, name)
        if found := _one(become, "contact", best, name):
            return _known_contact(become, found.id, "", company, told=found.said)
    return _new_contact(become, name, company)


def _may_be(session: Session, one: Lookalike, company: str) -> bool:
    """Tell whether a namesake may be the same person: nobody knows of another company."""
    held = word((session.ws.get("contact", one.id) or {}).get("company"))
    return not held or not company or held == company


def _known_contact(become: Become, key: str, why: str, company: str, told: str = "") -> Found:
    """Fill in what is not known yet of a person who is here already."""
    from tuicrm.crm.edit import same
    from tuicrm.records.types import ranked, with_ranks
    from tuicrm.store.changes import Write

    session, lead = become.session, become.lead
    record = session.ws.all("contact")[key]
    fields: Record = {}
    for name in ("emails", "phones"):
        both = list(dict.fromkeys([*ranked(record.get(name)), *ranked(lead.get(name))]))
        fields[name] = with_ranks(both, {**_map(lead.get(name)), **_map(record.get(name))})
    for one in ("title", "notes"):
        fields[one] = record.get(one) or lead.get(one)
    fields["company"] = record.get("company") or company
    fields["country"] = _country(record, lead)
    wanted = {**record, **fields}
    become.carry("contact", wanted)
    changed = {name: value for name, value in wanted.items() if name[:1] != "_" and not same(record.get(name), value)}
    if changed:
        become.made.append(Write("contact", key, changed))
    return Found(key, told) if told else _told(become, "contact", key, why)


def fill_company(become: Become, key: str) -> None:
    """Fill in what is not known yet of a company that is here already."""
    from tuicrm.store.changes import Write

    record = become.session.ws.get("company", key)
    if record is None:
        return
    fields = {one: become.lead.get(one) for one in OF_FIRM if not record.get(one)}
    if "country" in fields:
        fields["country"] = _country(record, become.lead)
    if fields := {name: value for name, value in fields.items() if value not in (None, "")}:
        become.made.append(Write("company", key, fields))


def _country(record: Record, lead: Record) -> Any:
    """Return the country of a record; a lead's only where no part of an address is there that it might not fit."""
    return record.get("country") or (None if record.get("address") or record.get("city") else lead.get("country"))


def _map(value: object) -> dict[str, Any]:
    return value if isinstance(value, dict) else {}


def _new_contact(become: Become, name: str, company: str) -> Found:
    from tuicrm.crm.parsing import refuse_unstorable

    refuse_unstorable(name, "contact")
    if not name:
        raise Invalid("contact: the lead has no name; say what the person is called", field="contact")
    key, lead = become.id_for("contact"), become.lead
    fields: Record = {"name": name, "company": company}
    fields.update({one: lead.get(one) for one in ("emails", "phones", "notes", *OF_PERSON)})
    become.carry("contact", fields)
    become.write("contact", key, fields)
    become.say(f"new contact {name}")
    return Found(key, f"new: {name}")


def _told(become: Become, kind: str, key: str, why: str) -> Found:
    name = title(become.session, kind, become.session.ws.all(kind)[key])
    said = f"{name} (same {why})" if why else name
    become.say(f"{kind} {said}, who is here already" if kind == "contact" else f"{kind} {said}, which is here already")
    return Found(key, said)


def _one(become: Become, kind: str, found: list[Lookalike], name: str) -> Found | None:
    """Return the one record that was recognised; None where nothing was, Ambiguous where several were."""
    if not found:
        return None
    if len(found) > 1:
        raise _several(become, kind, found, name)
    return _told(become, kind, found[0].id, found[0].why)


def _several(become: Become, kind: str, found: list[Lookalike], name: str) -> Alike:
    held = become.session.ws.all(kind)
    pairs = [(one.id, f"{label(become.session, kind, held[one.id])} (same {one.why})") for one in found]
    what = "is" if len(found) == 1 else "are"
    problem = Alike(
        f"{len(found)} {kind if len(found) == 1 else become.session.kind(kind).many} that may be {name} {what} here",
        candidates=pairs,
        hint=f"say which one with --{kind} ID, or --new-{kind} for another one",
    )
    problem.kind = kind
    return problem
