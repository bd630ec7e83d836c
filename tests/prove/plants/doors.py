"""Defects in what comes in from people and files, and in what goes out to terminals, tables and mail."""

from __future__ import annotations

from tests.prove.plants.plant import Plant

UNDO = "tests/crm/test_undo.py"
LETTERS = "tests/crm/test_letters.py"
ARCHIVE = "tests/exchange/test_export_archive.py"

PLANTS = (
    Plant(
        "undo takes later edits of others along",
        "crm/reversal.py",
        "        _refuse_if_touched(session, one, same, log, how, expect)\n",
        "",
        f"{UNDO}::test_undo_is_refused_where_somebody_changed_the_field_since",
    ),
    Plant(
        "undo of an added record takes along what others wrote to it",
        "crm/reversal.py",
        "            if _origin(one, path, current[path], same) > one.since:\n",
        "            if _origin(one, path, current[path], same) < one.since:\n",
        f"{UNDO}::test_undo_of_an_added_record_is_refused_where_somebody_wrote_to_it_since",
    ),
    Plant(
        "an escape reaches the terminal",
        "text.py",
        "        return _PLAIN if 0x20 <= code < 0x7F else _SHOWN\n",
        "        return _PLAIN if 0x1B <= code < 0x7F else _SHOWN\n",
        "tests/unit/test_text.py::test_every_control_becomes_visible",
    ),
    Plant(
        "C1 controls reach the terminal",
        "text.py",
        '    if category in ("Cc", "Cf", "Cs"):\n',
        '    if category in ("Cf", "Cs"):\n',
        "tests/unit/test_text.py::test_every_control_becomes_visible",
    ),
    Plant(
        "what turns the direction of a line reaches the terminal",
        "text.py",
        '    if category in ("Cc", "Cf", "Cs"):\n',
        '    if category in ("Cc", "Cs"):\n',
        "tests/unit/test_text.py::test_what_is_unsafe_or_hidden_is_shown",
    ),
    Plant(
        "a cell that begins with @ stays a formula",
        "exchange/formulas.py",
        'STARTS = ("=", "+", "-", "@", "\\t", "\\r", "\\n")',
        'STARTS = ("=", "+", "-", "\\t", "\\r", "\\n")',
        "tests/cli/test_hostile.py::test_no_cell_begins_a_formula",
    ),
    Plant(
        "a value that holds a template is filled in as well",
        "crm/letters.py",
        '    return "".join(made)\n',
        '    whole = "".join(made)\n'
        "    again = [\n"
        '        one if isinstance(one, str) else said(session, kind, record, one.name) for one in parts(whole, "")\n'
        "    ]\n"
        '    return "".join(again)\n',
        f"{LETTERS}::test_values_are_never_looked_through_again",
    ),
    Plant(
        "a template may name anything",
        "crm/placeholders.py",
        "    if not _NAME.fullmatch(name):\n",
        "    if not name:\n",
        f"{LETTERS}::test_a_template_that_asks_for_more_is_refused_with_its_place",
    ),
    Plant(
        "a line break in a value makes a header of its own",
        "crm/letters.py",
        '        if what == "subject":\n            _one_line(value, f"subject: {{{one.name}}}")\n',
        "",
        f"{LETTERS}::test_a_line_break_in_a_header_is_refused",
    ),
    Plant(
        "an archive may hold names that lead out of it",
        "exchange/containers.py",
        'or ".." in steps or',
        "or",
        f"{ARCHIVE}::test_names_that_lead_out_are_refused",
    ),
    Plant(
        "an archive is not held against its hash",
        "exchange/archive.py",
        '    if hash_of_lines(stored) != told["hash"]:\n',
        "    if not hash_of_lines(stored):\n",
        f"{ARCHIVE}::test_damage_of_every_sort_is_refused",
    ),
    Plant(
        "an archive may unpack to any size",
        "exchange/containers.py",
        "        if self._room < 0:\n",
        "        if self._room is None:\n",
        f"{ARCHIVE}::test_bombs_are_refused_before_they_go_off",
    ),
    Plant(
        "sums of money are rounded as floats",
        "crm/pricing.py",
        "        return value.quantize(Decimal(1).scaleb(-MINOR_UNITS.get(currency, 2)), ROUND_HALF_UP)\n",
        "        digits = MINOR_UNITS.get(currency, 2)\n"
        '        return Decimal(f"{round(float(value), digits):.{digits}f}")\n',
        "tests/crm/test_pricing.py::test_halves_go_up_and_tax_is_worked_out_on_the_sum",
    ),
    Plant(
        "amounts are read as floats",
        "money.py",
        "    value = Decimal(number) * Decimal(10 ** _FACTORS[unit.lower()])\n",
        "    value = Decimal(str(float(number))) * Decimal(10 ** _FACTORS[unit.lower()])\n",
        "tests/unit/test_money.py::test_the_stored_form_round_trips",
    ),
    Plant(
        "sums mix currencies",
        "money.py",
        "        totals[item.currency] = totals.get(item.currency, Decimal(0)) + item.amount\n",
        '        totals[""] = totals.get("", Decimal(0)) + item.amount\n',
        "tests/unit/test_money.py::test_sums_never_mix_currencies",
    ),
    Plant(
        "a row that is rejected changes what it tells along",
        "exchange/importing.py",
        "                self._take_back(*marks)\n",
        "",
        "tests/exchange/test_updates.py::test_a_row_that_is_rejected_for_its_person_changes_nothing_of_its_company_or_deal",
    ),
    Plant(
        "a file that is imported again makes everything twice",
        "exchange/importing.py",
        "                if held is not None:\n                    found[place] = held\n",
        "                if held is not None:\n                    continue\n",
        "tests/badinput/test_import.py::test_what_is_here_already_is_skipped",
    ),
    Plant(
        "an export that fails leaves half a file in the other one's place",
        "exchange/outfile.py",
        '    temporary = path.with_name(f".{path.name[:100]}.{os.getpid()}.part")\n',
        "    temporary = path\n    path.unlink(missing_ok=True)\n",
        "tests/cli/test_export.py::test_an_export_that_is_ended_leaves_nothing_half_written",
    ),
)
