"""Defects in what brings the work of several people together: the join, the ledger, sync."""

from __future__ import annotations

from tests.prove.plants.plant import Plant

JOIN = "tests/unit/test_join.py"
EXAMPLE = "tests/sync/test_worked_example.py"
TWICE = "tests/sync/test_rules_twice.py"

PLANTS = (
    Plant(
        "the left one of two values wins",
        "store/join.py",
        "if mine is None or mine[0] < other[0] or (mine[0] == other[0] and weight(mine[1]) < weight(other[1])):",
        "if mine is None:",
        f"{JOIN}::test_per_leaf_the_higher_version_wins",
    ),
    Plant(
        "the higher value wins, whatever the versions say",
        "store/join.py",
        "if mine is None or mine[0] < other[0] or (mine[0] == other[0] and weight(mine[1]) < weight(other[1])):",
        "if mine is None or weight(mine[1]) < weight(other[1]):",
        f"{JOIN}::test_per_leaf_the_higher_version_wins",
    ),
    Plant(
        "of two values of one version the left one wins",
        "store/join.py",
        "if mine is None or mine[0] < other[0] or (mine[0] == other[0] and weight(mine[1]) < weight(other[1])):",
        "if mine is None or mine[0] < other[0]:",
        f"{JOIN}::test_equal_versions_take_the_higher_json_and_versions_equal_to_the_id_are_left_out",
    ),
    Plant(
        "a version from beyond the year 2200 counts, and freezes its field",
        "store/ulid.py",
        'return version if is_ulid(version) and version[:_TIME_LENGTH] <= _MAX_PREFIX else ""',
        'return version if is_ulid(version) else ""',
        f"{JOIN}::test_garbage_never_freezes_a_field",
    ),
    Plant(
        "a write by a clock that is behind loses to what it was written over",
        "store/ulid.py",
        "        if own > highest:\n",
        "        if own:\n",
        "tests/store/disk/test_workspace.py::test_a_clock_that_is_behind_still_wins",
    ),
    Plant(
        "a tombstone is ignored",
        "store/tombstone.py",
        "    tomb = tombstone(record)\n    if tomb is None:\n        return False\n    base, seen, found",
        "    tomb = tombstone(record)\n    if tomb is not None:\n        return False\n    base, seen, found",
        f"{JOIN}::TestTombstones::test_deleted_until_somebody_edits_what_the_deleter_had_not_seen",
    ),
    Plant(
        "a deletion wins over an edit that the deleter had not seen",
        "store/tombstone.py",
        "for p in ancestors(path)):\n            return False\n    return True\n",
        "for p in ancestors(path)):\n            return True\n    return True\n",
        f"{EXAMPLE}::test_a_deletion_by_a_fast_clock",
    ),
    Plant(
        "of two tombstones the left one stays",
        "store/tombstone.py",
        '        seen[path] = max(seen.get(path, ""), version)\n',
        "        seen.setdefault(path, version)\n",
        f"{JOIN}::TestTombstones::test_what_either_deleter_saw_counts_whichever_comes_first",
    ),
    Plant(
        "what was erased comes back with the next edit",
        "store/tombstone.py",
        '    if tomb is None or tomb.get("purged") is not True:\n        return None\n    floors',
        '    if tomb is None or not tomb.get("purged") is False:\n        return None\n    floors',
        f"{EXAMPLE}::test_what_is_purged_stays_away_and_what_its_deleter_had_not_seen_does_not",
    ),
    Plant(
        "a set is joined as one value",
        "store/leaves.py",
        "    elif value and isinstance(value, list | tuple):\n",
        "    elif value and isinstance(value, tuple):\n",
        f"{JOIN}::TestScalarsAndMapsOnOnePath::test_a_set_that_meets_a_map_keeps_its_elements",
    ),
    Plant(
        "an unknown field is dropped when records are joined",
        "store/join.py",
        "        if name not in RESERVED:\n            field = component(name)\n            fields[field]",
        '        if name not in RESERVED and name[:1] != "_":\n'
        "            field = component(name)\n            fields[field]",
        "tests/store/disk/test_workspace.py::test_unknown_kinds_and_fields_live_through_edits",
    ),
    Plant(
        "one field of a group is written without the others",
        "store/transact.py",
        "            if not tops.isdisjoint(group):\n",
        "            if tops.issuperset(group):\n",
        "tests/store/disk/test_workspace.py::test_a_group_restamps_together",
    ),
    Plant(
        "a value that gave way is not told to the ledger",
        "sync/merging.py",
        "        self._lost += lost(kind_of(path), joined, parts, bases)\n",
        "        del path, joined, parts, bases\n",
        f"{EXAMPLE}::test_two_amounts_a_next_step_and_a_tag",
    ),
    Plant(
        "a value that gave way to another process is not noted",
        "store/checkpoint.py",
        "                self._lost.extend(losers(swap.kind, record, owing[id_]))\n",
        "                losers(swap.kind, record, owing[id_])\n",
        "tests/store/disk/test_healing.py::test_an_edit_that_a_pull_overtook_is_told",
    ),
    Plant(
        "where both sides changed a record, sync takes ours",
        "sync/merging.py",
        "                joined = records[id_] = join(here, there)\n",
        "                joined = records[id_] = here\n",
        f"{EXAMPLE}::test_two_amounts_a_next_step_and_a_tag",
    ),
    Plant(
        "where both sides changed a file, sync takes theirs",
        "sync/merging.py",
        "            if here is None or here in before:\n",
        "            if here is None or here:\n",
        f"{EXAMPLE}::test_two_amounts_a_next_step_and_a_tag",
    ),
    Plant(
        "a push that somebody else overtook counts as done",
        "sync/attempt.py",
        '        if is_reached and refused is None and answer != "ok":\n            return None\n',
        "",
        "tests/prove/test_small.py::test_everybody_gets_through_when_all_sync_at_once",
    ),
    Plant(
        "a push overwrites what others pushed",
        "sync/remote.py",
        'f"{oid}:{self.branch}"),',
        'f"+{oid}:{self.branch}"),',
        "tests/sync/test_remote.py::test_whoever_is_slower_fetches_again",
    ),
    Plant(
        "a sync does not say what it is about to put in place",
        "sync/installing.py",
        "    whole.keep(ws.private, UNDERWAY, orjson.dumps(done._asdict()))\n",
        "",
        "tests/sync/test_cut_short.py::test_what_is_ended_between_the_files_and_the_branch_is_finished_by_the_next_command",
    ),
    Plant(
        "hooks of a repository run",
        "sync/git.py",
        '    "core.hooksPath=/dev/null",\n',
        "",
        "tests/sync/test_git.py::test_hooks_and_monitors_of_the_repository_do_not_run",
    ),
    Plant(
        "a rule that runs on two clones does its work twice",
        "crm/rules/engine.py",
        '        entry = alike(event.ms, "rule", rule.id, event.id, event.instance)\n',
        "        entry = self.session.ws.new_id()\n",
        f"{TWICE}::test_the_same_rule_on_two_clones_does_the_work_once",
    ),
    Plant(
        "a rule does again what somebody took back",
        "crm/rules/engine.py",
        'if not event.fresh and self.session.ws.stored.any("activity", entry) is not None:',
        'if not event.fresh and self.session.ws.get("activity", entry) is not None:',
        f"{TWICE}::test_what_a_rule_did_to_a_record_stays_taken_back_as_well",
    ),
)
