"""From posts to leads, touches and entries of the log, worked out before anything is written."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from tuicrm.crm.lookup import name_of
from tuicrm.crm.parsing import Typing, parse_value
from tuicrm.crm.shapes import word, words
from tuicrm.errors import Ambiguous, Invalid, NotFound
from tuicrm.exchange.intake.finding import Finding
from tuicrm.exchange.intake.meaning import Meant, meaning, one_line, plain
from tuicrm.exchange.intake.outcome import AGAIN, FOUND, LEFT, MADE, PASSED, Outcome, Taken
from tuicrm.exchange.intake.posts import shown

if TYPE_CHECKING:
    from tuicrm.crm.session import Session
    from tuicrm.exchange.intake.posts import Letter, Post, Posts
    from tuicrm.records.field import Field
    from tuicrm.store.changes import Change

Record = dict[str, Any]
_PLACE = {"contact": "contacts", "lead": "lead"}
_ASKED = {
    **{"job_title": "title", "position": "title", "role": "title", "country": "country", "industry": "industry"},
    **{"employees": "employees", "company_size": "employees"},
}
"""Fields of leads that a form may fill, by what it calls them."""
FORM, MAIL = "web form", "e-mail"
"""The sources of posts that name none."""


def take(session: Session, posts: Posts, name: str, *, source: str = "", owner: str = "") -> Outcome:
    """Return what comes of posts; one that cannot be taken says why and stops no other."""
    taking = Taking(session, source, owner)
    done = Outcome(name, posts.form)
    for post in posts.held:
        marks = taking.marks()
        try:
            done.taken.append(taking.take(post))
        except (Invalid, NotFound, Ambiguous) as problem:
            taking.take_back(*marks)
            done.taken.append(Taken(LEFT, post.where, problem.message))
    done.changes = taking.changes
    return done


class Taking:
    """Takes the posts of one intake."""

    def __init__(self, session: Session, source: str, owner: str) -> None:
        self.session = session
        self.changes: list[Change] = []
        self._source = one_line("source", source.strip())
        self._ctx = Typing(session)
        self._ctx.doubts = False
        self._owner = self._ctx.resolve("user", owner) if owner.strip() else ""
        self._finding = Finding(session)
        self._known = {key: one for one in session.ws.all("activity").values() if (key := word(one.get("external_id")))}
        self._team = {word(one.get("email")).casefold() for one in session.ws.all("user").values()} - {""}
        self._sourced: set[str] = set()

    def take(self, post: Post) -> Taken:
        """Return what comes of a post; raises Invalid where it cannot be taken."""
        if post.wrong:
            raise Invalid(post.wrong)
        letter = None if post.answers else post.letter
        if letter is None and not post.answers:
            raise Invalid("it holds no answers")
        meant = meaning(post.answers) if letter is None else _of_letter(letter)
        key = letter.key if letter else _key(meant, post)
        if key in self._known:
            return self._again(post, self._known[key])
        passed = self._passed(letter) if letter else ""
        if passed:
            return Taken(PASSED, post.where, passed)
        if not (meant.emails or meant.phones):
            raise Invalid("it has neither an e-mail address nor a phone number, so nobody could be answered")
        made = self._enter(post, meant, letter, key)
        self._known[key] = {"id": made.activities[0], _PLACE[made.kind]: made.id}
        return made

    def _again(self, post: Post, entry: Record) -> Taken:
        contact = next(iter(words(entry.get("contacts"))), "")
        kind, key = ("contact", contact) if contact else ("lead", word(entry.get("lead")))
        name = name_of(self.session, kind, key)
        why = "this post was taken before"
        return Taken(AGAIN, post.where, why, kind if key else "", key, name, activities=[str(entry["id"])])

    def marks(self) -> tuple[int, int]:
        """Return how far the intake is, for `take_back`."""
        return len(self.changes), len(self._finding.met)

    def take_back(self, changes: int, met: int) -> None:
        """Forget what a post that cannot be taken after all has done so far."""
        del self.changes[changes:]
        del self._finding.met[met:]

    def _passed(self, letter: Letter) -> str:
        if letter.sender[1] in self._team:
            return "the team wrote it itself"
        return "a list or a machine sent it, and nobody of them waits for an answer" if letter.machine else ""

    def _enter(self, post: Post, meant: Meant, letter: Letter | None, key: str) -> Taken:
        source = self._source or meant.source or (MAIL if letter else FORM)
        if self._source and meant.source and meant.source != self._source:
            meant.rest.append(("source", meant.source))
        found = self._finding.person(meant)
        at = _at(self.session, letter.at if letter else meant.time)
        done = Taken(MADE if found is None else FOUND, post.where, source=source, dropped=meant.dropped)
        if found is None:
            record, kind = self._lead(meant, source, at, key), "lead"
        else:
            kind, record = found
            meant.rest += self._finding.news(record, meant)
        done.kind, done.id, done.name = kind, str(record["id"]), word(record.get("name")) or str(record["id"])
        # What a fresh lead's own fields took is no longer in the rest.
        done.kept = list(dict.fromkeys(shown(one) for one, _ in meant.rest))
        # Whose the person is sees that somebody was here.
        owner = word(record.get("owner"))
        owner = owner if self.session.ws.get("user", owner) is not None else ""
        self._log(done, meant, letter, key, at, owner)
        if found is not None and done.id not in self._sourced:
            done.more += filter(None, [self._mark(kind, record, source)])
        self._sourced.add(done.id)
        return done

    def _mark(self, kind: str, record: Record, source: str) -> str:
        """Set the source of somebody known who has none; a lead that was put off or given up asks again, and is back.

        Returns what is to be said of that.
        """
        from tuicrm.crm.leads import asks_again
        from tuicrm.crm.touchpoints import sourced

        self.changes += sourced(self.session, kind, record, source, self._ctx)
        if kind != "lead":
            return ""
        changes, said = asks_again(self.session, record)
        self.changes += changes
        return said

    def _named(self, kind: str, record: Record, at: str, key: str, what: str) -> Record:
        """Return a record that is about to be made under the id that every clone gives to what comes of this post.

        So a mailbox that two people take is taken once. Posts that do not say when they were made get ids of their own.
        """
        from tuicrm.crm.touches import text_ms
        from tuicrm.store.ulid import alike

        shared = alike(text_ms(at), "intake", key, what) if at else ""
        return {**record, "id": shared} if shared and self.session.ws.stored.any(kind, shared) is None else record

    def _lead(self, meant: Meant, source: str, at: str, key: str) -> Record:
        from tuicrm.crm.edit import born
        from tuicrm.crm.territories import placed
        from tuicrm.store.changes import Write

        kind = self.session.kind("lead")
        typed = {
            "name": [meant.name or next(iter([*meant.emails, *meant.phones]))],
            "company_name": [meant.company],
            "emails": meant.emails,
            "phones": meant.phones,
            "source": [source],
            "owner": [self._owner],
            **self._own_fields(meant),
        }
        given = {name: texts for name, texts in typed.items() if name == "owner" or any(texts)}
        record = self._named("lead", born(self.session, kind, given, self._ctx), at, key, "lead")
        if "owner" not in record and (owner := placed("lead", record, self._ctx)):
            record["owner"] = owner
        self.changes.append(Write("lead", record["id"], {name: one for name, one in record.items() if name != "id"}))
        self._ctx.expect("lead", record["id"], record["id"])
        self._finding.met.append(record)
        return record

    def _own_fields(self, meant: Meant) -> dict[str, list[str]]:
        """Take out of the rest what other fields of leads hold, the team's own too; what fits none stays in it."""
        kind = self.session.kind("lead")
        fields = {name: kind.by_name[field] for name, field in _ASKED.items()}
        fields.update((plain(text), one) for one in kind.custom for text in (one.title, one.name))
        taken: dict[str, list[str]] = {}
        rest = []
        for key, text in meant.rest:
            field = fields.get(plain(key))
            if field is None or field.type.refers or field.name in taken or not self._reads(field, key, text):
                rest.append((key, text))
            else:
                taken[field.name] = [text]
        meant.rest = rest
        return taken

    def _reads(self, field: Field, key: str, text: str) -> bool:
        try:
            one_line(key, text)
            return parse_value(field, text, self._ctx) is not None
        except Invalid:
            return False

    def _log(self, done: Taken, meant: Meant, letter: Letter | None, key: str, at: str, owner: str) -> None:
        """Put the message into the log, and the touch: one entry for a form, two for an e-mail."""
        from tuicrm.crm.edit import born
        from tuicrm.crm.touchpoints import Touch, entered, logged

        if letter is not None and self.session.setting("mail_bodies") == "no":
            meant.message = ""
        body = _body(meant)
        if letter is not None:
            typed = {
                **{"type": "email", "subject": meant.subject or "E-mail", "body": body, "at": at},
                **{"outcome": "received", _PLACE[done.kind]: done.id, "thread": letter.thread, "external_id": key},
            }
            given = {name: [text] for name, text in typed.items() if text}
            entry = born(self.session, self.session.kind("activity"), {**given, "owner": [""]}, self._ctx)
            entry = self._named("activity", entry, at, key, "email")
            self.changes.append(logged(entry))
            done.activities.append(entry["id"])
            done.more += self._answered(entry)
            body, key = "", f"touch-{key}"
        name = meant.subject or meant.form or (FORM.capitalize() if letter is None else MAIL.capitalize())
        sort = "form" if letter is None else "email"
        one = Touch(sort, name, done.source, meant.campaign, meant.page, at, body, key, owner)
        entry, _ = entered(self.session, done.kind, done.id, one, self._ctx)
        entry = self._named("activity", entry, at, key, "touch")
        self.changes.append(logged(entry))
        done.activities.append(entry["id"])

    def _answered(self, entry: Record) -> list[str]:
        """End the sequences that somebody is in who writes, and return what is to be said of that."""
        from tuicrm.crm.sequences import hear

        if not self.session.ws.all("enrolment"):
            return []
        ctx = Typing(self.session)
        self.changes += hear(self.session, entry, "", ctx)
        return list(ctx.notes)


def _of_letter(letter: Letter) -> Meant:
    from tuicrm.exchange.fitting import one_line as squeezed
    from tuicrm.exchange.fitting import storable
    from tuicrm.records.types import normal_email

    name, address = letter.sender
    try:
        email = normal_email(address)
    except Invalid as problem:
        raise Invalid(f"From: {problem.message}") from None
    subject = squeezed(letter.subject)
    return Meant(name=squeezed(name), emails=[email], subject=subject, message=storable(letter.body))


def _body(meant: Meant) -> str:
    """Return the message, and below it what no field holds."""
    lines = [f"{shown(key)}: {text}" for key, text in meant.rest]
    return "\n\n".join(filter(None, (meant.message, "\n".join(lines))))


def _key(meant: Meant, post: Post) -> str:
    """Return what tells a post from others: its own id where that is long enough to be one, else all that it says."""
    from hashlib import sha256
    from json import dumps

    said = meant.key or dumps(sorted(post.answers), ensure_ascii=False)
    return f"post-{sha256(said.encode()).hexdigest()[:32]}"


def _at(session: Session, text: str) -> str:
    """Return when a post was made, where it says so and that is past; empty for now."""
    from datetime import datetime

    from tuicrm.crm.derive import zone_of
    from tuicrm.records.values import instant_text

    try:
        at = datetime.fromisoformat(text)
        at = at if at.tzinfo else at.replace(tzinfo=zone_of(session))
        return instant_text(at) if at.year > 1970 and at <= session.now else ""
    except (ValueError, OverflowError):
        return ""
