"""Attacks planted in the local repository's configuration: nothing in it runs, leaks or redirects."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import pytest

from tests.sync.attacks import Plant, Watch, harmless
from tests.sync.repos import Clone, Team

if TYPE_CHECKING:
    from pathlib import Path

HARMLESS = {
    "core.hooksPath": "{hooks}",
    "core.fsmonitor": "{program}",
    "core.attributesFile": "{attributes}",
    "core.editor": "{program}",
    "core.pager": "{program}",
    "core.autocrlf": "true",
    "core.eol": "crlf",
    "core.safecrlf": "true",
    "core.quotePath": "false",
    "core.bare": "true",
    "core.splitIndex": "true",
    "core.untrackedCache": "true",
    "core.excludesFile": "{program}",
    "index.version": "4",
    "feature.manyFiles": "true",
    "filter.evil.clean": "{program}",
    "filter.evil.smudge": "{program}",
    "filter.evil.process": "{program}",
    "diff.external": "{program}",
    "diff.evil.textconv": "{program}",
    "diff.evil.command": "{program}",
    "merge.evil.driver": "{program} %A",
    "merge.union.driver": "{program} %A",
    "alias.fetch": "!{command}",
    "alias.fast-import": "!{command}",
    "commit.gpgSign": "true",
    "tag.gpgSign": "true",
    "push.gpgSign": "if-asked",
    "push.default": "nothing",
    "push.followTags": "true",
    "push.recurseSubmodules": "on-demand",
    "fetch.recurseSubmodules": "true",
    "submodule.recurse": "true",
    "fetch.prune": "true",
    "fetch.writeCommitGraph": "true",
    "gc.auto": "1",
    "maintenance.auto": "true",
    "color.ui": "always",
    "i18n.commitEncoding": "utf-16",
    "log.showSignature": "true",
    "trailer.sign.command": "{command}",
    "sequence.editor": "{program}",
    "interactive.diffFilter": "{program}",
    "advice.pushUpdateRejected": "false",
    "transfer.fsckObjects": "false",
    "remote.origin.fetch": "+refs/*:refs/*",
    "remote.origin.push": "+refs/heads/*:refs/heads/*",
    "remote.origin.tagOpt": "--tags",
}
"""What plain git would obey, and sync has no use for: it may say so, and must not do it."""

REFUSED = {
    "core.sshCommand": "{program}",
    "core.gitProxy": "{program}",
    "core.askPass": "{program}",
    "core.alternateRefsCommand": "{program}",
    "core.worktree": "{outside}",
    "credential.helper": "!{command}",
    "credential.https://git.example.helper": "!{command}",
    "credential.username": "mallory",
    "url.ext::{program} .insteadOf": "{remote}",
    "url.{other}.insteadOf": "{remote}",
    "url.{other}.pushInsteadOf": "{remote}",
    "include.path": "{included}",
    "includeIf.gitdir:/.path": "{included}",
    "remote.origin.uploadpack": "{program}",
    "remote.origin.receivepack": "{program}",
    "remote.origin.vcs": "evil",
    "remote.origin.proxy": "http://127.0.0.1:9",
    "remote.origin.promisor": "true",
    "remote.origin.partialclonefilter": "blob:none",
    "extensions.partialClone": "origin",
    "extensions.worktreeConfig": "true",
    "http.proxy": "http://127.0.0.1:9",
    "http.sslVerify": "false",
    "http.https://git.example.sslVerify": "false",
    "http.extraHeader": "X-Leak: 1",
    "http.cookieFile": "{secret}",
    "http.sslCert": "{secret}",
    "remote.origin.pushurl": "{other}",
    "hook.evil.command": "{command}",
    "protocol.ext.allow": "always",
    "protocol.allow": "always",
}
"""What would decide which program runs, where data go or who is trusted: refused by name."""


@dataclass
class Ground:
    """A victim beside a colleague, in one place for all tests of this file; each takes its plant away again."""

    plant: Plant
    ann: Clone
    victim: Clone
    deal: str

    def value(self, template: str, key: str = "") -> str:
        """Fill in a template; a program is called after the key that names it."""
        plant, team = self.plant, self.plant.team
        return template.format(
            program=plant.program(f"program-{key.partition(' ')[0].replace('/', '-')}"),
            command=plant.command("command"),
            hooks=team.folder / "hooks",
            attributes=team.folder / "attributes",
            included=team.folder / "included",
            outside=plant.outside,
            secret=plant.secret,
            remote=team.remote,
            other=team.folder / "other.git",
        )


@pytest.fixture(scope="module")
def ground(tmp_path_factory: pytest.TempPathFactory) -> Ground:
    team = Team(tmp_path_factory.mktemp("config"))
    plant = Plant(team)
    ann, victim = team.clones("ann", "bob")
    deal = ann.add("deal", name="Acme renewal")
    ann.sync()
    victim.sync()
    for name in ("pre-push", "reference-transaction", "post-index-change", "pre-auto-gc", "post-checkout"):
        plant.hook(team.folder / "hooks", name)
    everything = "* filter=evil diff=evil merge=evil text eol=crlf ident\n"
    (team.folder / "attributes").write_text(everything)
    victim.put(".git/info/attributes", everything)
    (team.folder / "included").write_text(f"[core]\n\tsshCommand = {plant.program('program')}\n")
    team.bare("other.git")
    return Ground(plant, ann, victim, deal)


def configure(clone: Clone, key: str, value: str) -> None:
    """Write into the file itself: git would not run in a repository that some of these break."""
    config = clone.root / ".git" / "config"
    kept = config.with_name("config.kept")
    if not kept.exists():
        kept.write_text(config.read_text())
    section, _, name = key.rpartition(".")
    section, dot, inner = section.partition(".")
    inner, quoted = (one.replace("\\", "\\\\").replace('"', '\\"') for one in (inner, value))
    head = f'[{section} "{inner}"]' if dot else f"[{section}]"
    config.write_text(f'{config.read_text()}{head}\n\t{name} = "{quoted}"\n')


def restore(clone: Clone) -> None:
    """Take out again what was written."""
    config = clone.root / ".git" / "config"
    config.with_name("config.kept").replace(config)


def test_what_plain_git_would_obey_does_nothing_all_at_once(ground: Ground) -> None:
    obeys_nothing(ground, *HARMLESS)


@pytest.mark.slow
@pytest.mark.parametrize("key", HARMLESS)
def test_what_plain_git_would_obey_does_nothing(ground: Ground, key: str) -> None:
    obeys_nothing(ground, key)


def obeys_nothing(ground: Ground, *keys: str) -> None:
    """Sync with keys in the configuration, and take them out again."""
    what = f"{keys[0]} and {len(keys)}"
    ground.ann.edit("deal", ground.deal, name=f"with {what}")
    ground.ann.sync()
    ground.victim.edit("deal", ground.deal, next_step=f"despite {what}")
    for key in keys:
        configure(ground.victim, key, ground.value(HARMLESS[key], key))
    try:
        watch = Watch(ground.plant.team, ground.victim.root)
        harmless(ground.victim.run("sync"), watch, 0)
        assert ground.plant.marks() == []
    finally:
        restore(ground.victim)
    record = ground.victim.get("deal", ground.deal)
    assert (record["name"], record["next_step"]) == (f"with {what}", f"despite {what}")
    assert ground.victim.tip == ground.victim.head
    assert all(b"\r" not in data for data in ground.victim.files().values())


@pytest.mark.parametrize("key", REFUSED)
def test_what_could_run_or_redirect_is_refused_by_name(ground: Ground, key: str) -> None:
    ground.victim.edit("deal", ground.deal, next_step=f"because of {key}")
    value, key = ground.value(REFUSED[key], key), ground.value(key)
    tip = ground.victim.tip
    configure(ground.victim, key, value)
    try:
        watch = Watch(ground.plant.team, ground.victim.root)
        ran = ground.victim.run("sync")
        harmless(ran, watch, 6)
        assert key.casefold() in ran.err.casefold(), ran.err
        assert "--allow" in ran.err, ran.err
        assert ground.plant.marks() == []
    finally:
        restore(ground.victim)
    assert ground.victim.tip == tip


def test_an_allowed_value_is_used_and_another_one_is_refused_again(team: Team) -> None:
    plant = Plant(team)
    (ann,) = team.clones("ann")
    ssh = plant.program("own-ssh", 'for last; do :; done\nexec sh -c "$last"')
    ann.git("remote", "set-url", "origin", f"ssh://git.example{team.remote}")
    ann.git("config", "core.sshCommand", str(ssh))
    ann.git("config", "ssh.variant", "ssh")
    ann.add("deal", name="Acme renewal")
    ann.fails(6, "sync", says="core.sshcommand")
    assert plant.marks() == []
    ann.ok("sync", "--allow", "core.sshCommand")
    assert plant.marks() == ["own-ssh"]
    assert ann.tip_at(team.remote) == ann.head
    ann.git("config", "core.sshCommand", str(plant.program("other-ssh")))
    ann.fails(6, "sync", says="core.sshcommand")
    assert plant.marks() == ["own-ssh"]


def test_the_persons_own_configuration_is_trusted(team: Team) -> None:
    plant = Plant(team)
    (ann,) = team.clones("ann")
    ann.git("remote", "set-url", "origin", plant.fake_ssh(ann))
    ann.add("deal", name="Acme renewal")
    ann.ok("sync")
    assert ann.tip_at(team.remote) == ann.head


MOVING = ("GIT_DIR", "GIT_INDEX_FILE", "GIT_OBJECT_DIRECTORY", "GIT_WORK_TREE", "GIT_EXEC_PATH", "GIT_COMMON_DIR")
RUNNING = ("GIT_SSH_COMMAND", "GIT_SSH", "GIT_EXTERNAL_DIFF", "GIT_PROXY_COMMAND", "GIT_EDITOR", "GIT_PAGER", "PAGER")
TRACING = ("GIT_TRACE", "GIT_TRACE2", "GIT_TRACE2_EVENT", "GIT_TRACE_PACKET", "GIT_TRACE_SETUP", "GIT_TRACE_CURL")


def test_inherited_variables_neither_move_nor_run_nor_write_anything(team: Team) -> None:
    plant = Plant(team)
    (ann,) = team.clones("ann")
    ann.add("deal", name="Acme renewal")
    program = str(plant.program("program"))
    planted = {
        **{name: str(plant.outside) for name in MOVING},
        **dict.fromkeys(RUNNING, program),
        **{name: str(plant.pwned / name) for name in TRACING},
        "GIT_CONFIG_COUNT": "1",
        "GIT_CONFIG_KEY_0": "core.fsmonitor",
        "GIT_CONFIG_VALUE_0": program,
        "GIT_CONFIG_PARAMETERS": f"'core.fsmonitor={program}'",
        "GIT_ALLOW_PROTOCOL": "ext",
        "GIT_REPLACE_REF_BASE": "refs/heads/",
        "GIT_CEILING_DIRECTORIES": "/",
        "GIT_NAMESPACE": "evil",
        "GIT_SHALLOW_FILE": str(plant.secret),
        "GIT_GRAFT_FILE": str(plant.secret),
    }
    watch = Watch(team, ann.root)
    harmless(ann.spawn("sync", also=planted), watch, 0)
    assert ann.tip == ann.head


def test_a_git_that_lies_in_the_workspace_is_not_run(team: Team) -> None:
    plant = Plant(team)
    (ann,) = team.clones("ann")
    planted: Path = ann.root / "git"
    planted.write_text(f"#!/bin/sh\n{plant.command('own-git')}\n")
    planted.chmod(0o755)
    ann.add("deal", name="Acme renewal")
    watch = Watch(team, ann.root)
    harmless(ann.spawn("sync", also={"PATH": f".::{ann.env['PATH']}"}), watch, 0)
    assert ann.tip == ann.head
