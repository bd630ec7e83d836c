"""Groups that build a command only when it is called, and commands whose help ends in examples."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

import click

from tuicrm.cli.state import State

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping, Sequence

CONTEXT = {"help_option_names": ["--help", "-h"]}


class Verb(NamedTuple):
    """A command that is not built yet."""

    help: str
    make: Callable[[], click.Command]


class Command(click.Command):
    """A command with examples, the names in its JSON, and `--workspace`, which is also taken after the verb."""

    def __init__(
        self,
        name: str | None,
        *,
        examples: Sequence[str] = (),
        json_names: Callable[[], Iterable[str]] | Sequence[str] = (),
        **settings: Any,
    ) -> None:
        settings.setdefault("context_settings", CONTEXT)
        super().__init__(name, **settings)
        self.examples = tuple(examples)
        self._json_names = json_names
        self.params.append(workspace_option(hidden=True))

    def json_names(self) -> list[str]:
        """Return the names that a JSON object of this command's output has; empty where it prints none."""
        return list(self._json_names() if callable(self._json_names) else self._json_names)

    def format_epilog(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """Add the examples and the JSON fields."""
        super().format_epilog(ctx, formatter)
        if self.examples:
            with formatter.section("Examples"):
                for line in self.examples:
                    formatter.write(f"  {line}\n")
        names = self.json_names()
        if names:
            with formatter.section("JSON fields"):
                formatter.write_text(" ".join(names))


class LazyGroup(click.Group):
    """A group that knows its commands' names and one line each, and builds the one that is called."""

    def __init__(self, name: str, verbs: Mapping[str, Verb], *, aliases: Mapping[str, str], **settings: Any) -> None:
        settings.setdefault("context_settings", CONTEXT)
        super().__init__(name, **settings)
        self.verbs = dict(verbs)
        self.aliases = dict(aliases)
        self._built: dict[str, click.Command] = {}
        if not self.params:
            self.params.append(workspace_option(hidden=True))

    def list_commands(self, ctx: click.Context) -> list[str]:
        return list(self.verbs)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        name = self.aliases.get(cmd_name, cmd_name)
        if name not in self._built:
            if name not in self.verbs:
                return None
            self._built[name] = self.verbs[name].make()
        return self._built[name]

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        name = self.aliases.get(args[0], args[0])
        if name not in self.verbs and not args[0].startswith("-") and not ctx.resilient_parsing:
            from tuicrm.text import nearest

            near = nearest(args[0], [*self.verbs, *self.aliases])
            guess = f"; did you mean {near}?" if near else ""
            raise click.UsageError(f"there is no command {args[0]!r} in {ctx.command_path}{guess}", ctx)
        _, command, rest = super().resolve_command(ctx, args)
        return name, command, rest

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        with formatter.section("Commands"):
            formatter.write_dl([(name, verb.help) for name, verb in self.verbs.items()])
        other = [f"{alias} = {name}" for alias, name in self.aliases.items()]
        if other:
            with formatter.section("Also"):
                formatter.write_text(", ".join(other))

    def shell_complete(self, ctx: click.Context, incomplete: str) -> list[Any]:
        from click.shell_completion import CompletionItem

        found = [CompletionItem(name, help=verb.help) for name, verb in self.verbs.items()]
        return [item for item in found if item.value.startswith(incomplete)] + click.Command.shell_complete(
            self, ctx, incomplete
        )


def workspace_option(*, hidden: bool) -> click.Option:
    """Return `--workspace`, which tells the command's state where to work."""
    return click.Option(
        ["--workspace"],
        metavar="DIR",
        help="The workspace to work on.",
        expose_value=False,
        hidden=hidden,
        callback=_choose_workspace,
    )


def _choose_workspace(ctx: click.Context, param: click.Parameter, value: str | None) -> None:
    if value is not None:
        ctx.ensure_object(State).workspace = value


def command(name: str, **settings: Any) -> Callable[[Callable[..., Any]], click.Command]:
    """Decorate a callback into a `Command`, which gets the State as its first argument."""

    def decorate(callback: Callable[..., Any]) -> click.Command:
        return click.command(name, cls=Command, **settings)(click.pass_obj(callback))

    return decorate
