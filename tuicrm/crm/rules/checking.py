"""What has to hold for a rule before it is kept: everything it names exists, and it does not go in a circle."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from tuicrm.crm.rules.model import OWNER, rule_of, rules
from tuicrm.crm.shapes import table, word
from tuicrm.errors import Invalid
from tuicrm.records.kinds.rule import CHANGED, CREATED, DATE, IDLE, OVERDUE, STAGE, TRIGGERS

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from tuicrm.crm.rules.model import Rule
    from tuicrm.crm.session import Session

Record = dict[str, Any]
_UNWATCHED = frozenset(("setting", "field", "conflict", "rule", "view", "mapping", "report"))


def check_rule(session: Session, record: Mapping[str, Any]) -> None:
    """Raise Invalid, in one sentence, where a rule could not be run or would set itself off."""
    from tuicrm.crm.query import compile_query

    rule = rule_of(record)
    kind = session.kind(rule.of)
    if kind.name in _UNWATCHED or kind.name != rule.of:
        raise Invalid(f"of: rules do not watch {kind.many}", field="of")
    _check_trigger(session, rule)
    try:
        compile_query(session, rule.of, rule.condition)
    except Invalid as problem:
        raise Invalid(f"condition: {problem.message}", field="condition", hint=problem.hint) from None
    if not rule.actions:
        raise Invalid("actions: a rule has to do something (--do)", field="actions")
    for one in rule.actions:
        if one.do == "set":
            _known(session, rule, one.field, "actions")
        if one.do == "draft" and session.ws.get("template", one.text) is None:
            raise Invalid("actions: the template of the draft was removed", field="actions")
        for user in (*one.among, *((one.who,) if one.who not in ("", OWNER) else ())):
            if session.ws.get("user", user) is None:
                raise Invalid(f"actions: {one.do} names a user who is not there any more", field="actions")
    if rule.active:
        refuse_circle(session, rule)


def _check_trigger(session: Session, rule: Rule) -> None:
    if rule.trigger not in TRIGGERS:
        raise Invalid(f"trigger: this version knows no {rule.trigger!r}", field="trigger")
    if rule.trigger in (CHANGED, DATE):
        _known(session, rule, rule.field, "field")
    elif rule.trigger == STAGE:
        _check_stage(session, rule)
    elif rule.trigger == IDLE and rule.days < 1:
        raise Invalid("days: say after how many days without an activity", field="days")
    elif rule.trigger == OVERDUE and rule.of != "followup":
        raise Invalid("of: only follow-ups are overdue", field="of")


def _check_stage(session: Session, rule: Rule) -> None:
    from tuicrm.crm.stages import stages, successor

    if rule.of != "deal" or not rule.stage:
        raise Invalid("stage: name the stage that is entered; only deals have stages", field="stage")
    held = session.ws.all("pipeline").values()
    if any(one.key == rule.stage for pipeline in held for one in stages(pipeline)):
        return
    for pipeline in held:
        if (gone := table(pipeline.get("gone")).get(rule.stage)) is not None:
            led = successor(pipeline, rule.stage)
            to = next((one.name for one in stages(pipeline) if one.key == led), led)
            name = word(gone.get("name")) or rule.stage
            raise Invalid(f"stage: {name} was removed, and its deals went to {to}", field="stage")
    raise Invalid(f"stage: no pipeline has a stage {rule.stage!r} any more", field="stage")


def _known(session: Session, rule: Rule, name: str, where: str) -> None:
    from tuicrm.crm.parsing import field_of

    try:
        field_of(session.kind(rule.of), name)
    except Invalid as problem:
        raise Invalid(f"{where}: {problem.message}", field=where) from None


def effects(session: Session, rule: Rule) -> Iterator[tuple[tuple[str, str, str], str]]:
    """Yield what a rule's actions may set off, as rules wait for it, each with words for it."""
    from tuicrm.crm.lookup import matching_stages
    from tuicrm.crm.stages import stages

    for one in rule.actions:
        if one.do == "set":
            yield (CHANGED, rule.of, one.field), f"sets {one.field}"
            if one.field == "stage" and rule.of == "deal":
                held = [stages(pipeline) for pipeline in session.ws.all("pipeline").values()]
                for key in {stage.key for steps in held for stage in matching_stages(steps, one.value)}:
                    yield (STAGE, "deal", key), f"sets the stage {one.value}"
        elif one.do == "assign":
            yield (CHANGED, rule.of, "owner"), "sets the owner"
        elif one.do in ("tag", "untag"):
            yield (CHANGED, rule.of, "tags"), "changes tags"
        elif one.do in ("followup", "notify", "draft"):
            yield (CREATED, "followup", ""), "adds a follow-up"


def check_back(session: Session, records: Sequence[Record]) -> None:
    """Raise Invalid where rules that come back out of the trash would set each other or themselves off."""
    back = [rule_of(one) for one in records]
    for one in back:
        if one.active:
            refuse_circle(session, one, back)


def refuse_circle(session: Session, rule: Rule, others: Sequence[Rule] = ()) -> None:
    """Raise Invalid where a chain of rules, each setting off the next, comes back to this one."""
    known = [one for one in (*rules(session), *others) if one.active and one.id != rule.id]
    waiting: dict[tuple[str, str, str], list[Rule]] = {}
    for one in (*known, rule):
        waiting.setdefault(one.listens, []).append(one)
    path = _way_back(session, rule, rule, waiting, set())
    if path:
        chain = ", which sets off ".join(f'"{name}" ({why})' for name, why in path)
        raise Invalid(
            f'actions: the rule would set itself off: {chain}, which sets off "{rule.name}" again',
            field="actions",
            hint="Let one of them wait for something else, or turn it off: tuicrm rule edit NAME --off",
        )


def _way_back(
    session: Session,
    here: Rule,
    goal: Rule,
    waiting: Mapping[tuple[str, str, str], list[Rule]],
    seen: set[str],
) -> list[tuple[str, str]]:
    """Return the rules from here to the goal with what each of them does; empty where no way leads there."""
    seen.add(here.id)
    for effect, why in effects(session, here):
        for after in waiting.get(effect, ()):
            if after.id == goal.id:
                return [(here.name, why)]
            if after.id not in seen and (rest := _way_back(session, after, goal, waiting, seen)):
                return [(here.name, why), *rest]
    return []
