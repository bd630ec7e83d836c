"""Defects in what several processes, git and other users of the machine rely on: locks, refreshes, permissions."""

from __future__ import annotations

from tests.prove.plants.plant import Plant

SHARING = "tests/store/disk/test_sharing.py"
FOUR = f"{SHARING}::test_four_processes_write_at_once_and_nothing_is_missing"
PRIVATE = "tests/store/disk/test_workspace.py::test_private_files_are_for_their_owner_only"

PLANTS = (
    Plant(
        "writers take the lock together",
        "store/files.py",
        "(fcntl.LOCK_SH if shared else fcntl.LOCK_EX) | fcntl.LOCK_NB",
        "fcntl.LOCK_SH | fcntl.LOCK_NB",
        FOUR,
    ),
    Plant(
        "the lock is let go before the write",
        "store/lock.py",
        "    try:\n        yield\n    finally:\n",
        "    files.unlock(fd)\n    try:\n        yield\n    finally:\n",
        FOUR,
    ),
    Plant(
        "a lock on a file that is no longer there counts",
        "store/lock.py",
        "            held = _still_there(fd, folder, name)\n",
        "            held = True\n",
        f"{SHARING}::test_a_lock_on_a_file_that_was_replaced_counts_for_nothing",
    ),
    Plant(
        "a writer does not catch up with the others first",
        "store/workspace.py",
        "            self._picture.catch_up(folder, keys)\n            draft = work_out(",
        "            draft = work_out(",
        FOUR,
    ),
    Plant(
        "a refresh misses what another process wrote",
        "store/picture.py",
        "        if seen == self.cursor.stamp and not scan:\n",
        "        if not scan:\n",
        f"{SHARING}::test_refresh_tells_what_another_process_did",
    ),
    Plant(
        "a journal that was cut back and written again is not read again",
        "store/journal.py",
        "if name == cursor.generation and files.read_at(fd, len(cursor.tail), cursor.last) == cursor.tail:",
        "if name == cursor.generation:",
        f"{SHARING}::test_a_line_cut_back_and_replaced_by_one_as_long_is_read_again",
    ),
    Plant(
        "a reader does not notice that the journal changed while it read the files",
        "store/picture.py",
        "            if batch.cursor.generation != before:\n                return False\n",
        "",
        f"{SHARING}::test_a_reader_never_sees_half_of_a_transaction",
    ),
    Plant(
        "a file as young as the clock's tick is trusted",
        "store/segments.py",
        "    return UNSURE if youngest > now - tick else stamp_of(found)",
        "    return stamp_of(found)",
        "tests/store/disk/test_healing.py::test_a_file_younger_than_the_tick_of_the_clock_is_read_again",
    ),
    Plant(
        "git's own lock is taken for one of ours and removed",
        "store/gitlock.py",
        "    return _content(git, len(_MARK)) == _MARK\n",
        "    return True\n",
        f"{SHARING}::test_a_checkpoint_waits_for_git_and_git_for_it",
    ),
    Plant(
        "a write that was overtaken goes through",
        "store/transact.py",
        '        if held.get(path, "") != version:\n',
        '        if held.get(path, version) == "":\n',
        "tests/store/disk/test_workspace.py::test_expected_versions_are_checked",
    ),
    Plant(
        "a link in the data folder is followed",
        "store/files.py",
        "_COMMON = os.O_CLOEXEC | os.O_NOFOLLOW\n",
        "_COMMON = os.O_CLOEXEC\n",
        "tests/store/disk/test_healing.py::test_a_linked_file_or_folder_is_refused",
    ),
    Plant(
        "private files are as open as the umask lets them be",
        "store/files.py",
        "    return os.open(name, os.O_RDWR | os.O_CREAT | _COMMON, 0o600, dir_fd=folder)\n",
        "    return os.open(name, os.O_RDWR | os.O_CREAT | _COMMON, 0o666, dir_fd=folder)\n",
        PRIVATE,
    ),
    Plant(
        "private folders are as open as the umask lets them be",
        "store/files.py",
        "    os.mkdir(name, 0o700, dir_fd=folder)\n",
        "    os.mkdir(name, dir_fd=folder)\n",
        PRIVATE,
    ),
    Plant(
        "the folder of a workspace is as open as the umask lets it be",
        "store/manifest.py",
        "            files.make_path(root)\n",
        "            os.makedirs(root)\n",
        PRIVATE,
    ),
    Plant(
        "an export is as open as the umask lets it be",
        "exchange/outfile.py",
        "os.O_NOFOLLOW | os.O_CLOEXEC, 0o600)",
        "os.O_NOFOLLOW | os.O_CLOEXEC, 0o666)",
        "tests/cli/test_export.py::test_a_file_is_private_and_its_end_says_the_format",
    ),
    Plant(
        "data files are as open as the umask lets them be",
        "store/files.py",
        "def open_new(name: str, folder: int, mode: int = 0o600) -> int:\n",
        "def open_new(name: str, folder: int, mode: int = 0o666) -> int:\n",
        "tests/cli/test_umask.py",
    ),
    Plant(
        "a folder on the way to a workspace is as open as the umask lets it be",
        "store/files.py",
        "        os.mkdir(path, 0o700)\n",
        "        os.mkdir(path)\n",
        "tests/cli/test_umask.py",
    ),
)
