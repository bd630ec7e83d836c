"""Defects in what makes a change safe: syncs left out, orders swapped, damage taken for data."""

from __future__ import annotations

from tests.prove.plants.plant import Plant

CRASH = "tests/store/disk/test_crash.py"
HEALING = "tests/store/disk/test_healing.py"
ORDER = "tests/store/disk/test_order.py"
AT_ANY_CALL = f"{CRASH}::test_a_crash_at_any_call_loses_nothing_acknowledged"
SAFE = f"{ORDER}::test_a_change_is_safe_before_it_is_acknowledged_and_the_files_before_the_journal_goes"

PLANTS = (
    Plant(
        "a change is acknowledged before its journal line is synced",
        "store/journal.py",
        "            files.sync(fd)\n        except BaseException as error:",
        "            files.stat(fd)\n        except BaseException as error:",
        AT_ANY_CALL,
    ),
    Plant(
        "a fresh journal takes the old one's place before its bytes are synced",
        "store/journal.py",
        "        files.sync(fd)\n    finally:\n        files.close(fd)\n    files.replace(_NEXT, folder",
        "        files.stat(fd)\n    finally:\n        files.close(fd)\n    files.replace(_NEXT, folder",
        SAFE,
    ),
    Plant(
        "a failed sync is taken for a success",
        "store/journal.py",
        "            _cut_back(fd, cursor.offset)\n            raise Unsure(error) from error",
        "            del error",
        f"{CRASH}::test_after_a_failed_sync_nothing_more_is_written",
    ),
    Plant(
        "what a full disk kept out of the journal stays at its end",
        "store/journal.py",
        "            if not is_whole:\n",
        "            if is_whole:\n",
        f"{CRASH}::test_a_full_disk_is_named_and_the_next_change_succeeds",
    ),
    Plant(
        "data files take their place before their bytes are synced",
        "store/placing.py",
        "        if sync:\n            files.sync(fd)",
        "        if sync:\n            files.stat(fd)",
        SAFE,
    ),
    Plant(
        "the folder of the data files is not synced after the swap",
        "store/checkpoint.py",
        "        for fd in self._made if self._swaps else ():\n            files.sync(fd)",
        "        for fd in self._made if self._swaps else ():\n            files.stat(fd)",
        SAFE,
    ),
    Plant(
        "a folder that was made for data is not synced into its parent",
        "store/placing.py",
        "        files.make_folder(name, parent)\n        files.sync(parent)\n",
        "        files.make_folder(name, parent)\n",
        SAFE,
    ),
    Plant(
        "the folder of the journal is not synced after a fresh one took its place",
        "store/journal.py",
        "    files.replace(_NEXT, folder, private.JOURNAL, folder)\n    files.sync(folder)\n",
        "    files.replace(_NEXT, folder, private.JOURNAL, folder)\n",
        SAFE,
    ),
    Plant(
        "of many data files none is synced before the swap",
        "store/checkpoint.py",
        "                if many and not files.sync_file_system(self._temporary):\n"
        "                    self._sync_each()\n",
        "",
        SAFE,
    ),
    Plant(
        "the journal is cut before the data files have what it holds",
        "store/workspace.py",
        "                written = Checkpoint(str(self.root), folder).run(picture.pending, untidy)\n"
        "                cursor = kept.rotate(folder, picture.cursor.generation, self.clock.new())\n",
        "                cursor = kept.rotate(folder, picture.cursor.generation, self.clock.new())\n"
        "                written = Checkpoint(str(self.root), folder).run(picture.pending, untidy)\n",
        AT_ANY_CALL,
    ),
    Plant(
        "a data file is written in place instead of beside it",
        "store/checkpoint.py",
        "        placing.write(swap.source, swap.temporary, after, mode, sync=sync)\n",
        "        placing.write(swap.source, swap.temporary, after, mode, sync=sync)\n"
        "        placing.write(swap.where, swap.base, after, mode, sync=sync)\n",
        AT_ANY_CALL,
    ),
    Plant(
        "each record of a transaction gets a journal line of its own",
        "store/workspace.py",
        "            line = journal.encode(draft.tx, by, note, draft.entries)\n",
        '            line = b"".join(journal.encode(draft.tx, by, note, [one]) for one in draft.entries)\n',
        AT_ANY_CALL,
    ),
    Plant(
        "the checksum of a journal line is not looked at",
        "store/journal.py",
        '    return line[: _CRC - 1] == b"%08x" % crc32(memoryview(line)[_CRC:])\n',
        "    return True\n",
        "tests/badinput/test_journal.py::test_damage_stops_with_a_way_out_that_keeps_what_is_readable",
    ),
    Plant(
        "a torn tail stays in the journal",
        "store/journal.py",
        "        files.cut(fd, batch.cursor.offset)\n",
        "",
        f"{HEALING}::test_a_tail_torn_at_any_byte_is_ignored_and_then_cut",
    ),
    Plant(
        "a torn tail is cut, and its copy lies where the next checkpoint clears",
        "store/journal.py",
        "        aside = private.open_or_make(private.QUARANTINE, folder)\n",
        "        aside = private.open_or_make(private.TEMPORARY, folder)\n",
        f"{HEALING}::test_a_tail_torn_at_any_byte_is_ignored_and_then_cut",
    ),
    Plant(
        "a damaged line in the middle of the journal is passed over in silence",
        "store/journal.py",
        "            if torn or number + 1 < len(lines):\n                return None\n",
        "            if torn or number + 1 < len(lines):\n                continue\n",
        f"{HEALING}::test_damage_inside_the_journal_stops_with_the_way_out",
    ),
    Plant(
        "the copy of an unreadable line lacks its last byte",
        "store/quarantine.py",
        'data = b"".join(raw + b"\\n" for raw in raws)',
        'data = b"".join(raw[:-1] + b"\\n" for raw in raws)',
        f"{HEALING}::test_a_line_that_is_no_record_is_reported_copied_and_kept",
    ),
    Plant(
        "a checkpoint drops the lines that it cannot read",
        "store/checkpoint.py",
        "codec.dump(segment.records.values(), [line.raw for line in segment.bad])",
        "codec.dump(segment.records.values(), [])",
        f"{HEALING}::test_a_line_that_is_no_record_is_reported_copied_and_kept",
    ),
    Plant(
        "a checkpoint forgets one record",
        "store/checkpoint.py",
        "        for id_ in swap.ids:\n",
        "        for id_ in sorted(swap.ids)[: len(swap.ids) // 2 + 1]:\n",
        "tests/store/disk/test_sharing.py::test_a_large_transaction_is_one_undo_entry_and_loads_back",
    ),
    Plant(
        "a key that stands twice in a line is taken, the last one counting",
        "store/codec.py",
        "    if canonical != line:\n        _refuse_duplicate_keys(line)\n",
        "",
        "tests/unit/test_codec.py::TestLine::test_what_is_no_record_says_why",
    ),
    Plant(
        "old journals are thrown away as soon as the files have their changes",
        "store/kept.py",
        "        if old:\n            _keep(folder, kept, old)\n",
        "",
        f"{HEALING}::test_old_journals_are_kept",
    ),
    Plant(
        "an arriving file takes its place before its bytes are synced",
        "store/install.py",
        "            swap.make(swap.file.after, sync=not many or swap.source != self._incoming)\n",
        "            swap.make(swap.file.after, sync=False)\n",
        f"{ORDER}::test_what_arrives_is_safe_before_it_is_swapped_in",
    ),
    Plant(
        "an edit made while others' changes arrive is written over",
        "store/install.py",
        '        wanted, noted = carry_over(path[1], file.seen or b"", data or b"", file.after)\n',
        '        wanted, noted = carry_over(path[1], data or b"", data or b"", file.after)\n',
        "tests/store/disk/test_install.py::test_an_edit_that_another_process_carried_over_is_kept",
    ),
)
