"""Lines and files of records: what is read back, what is healed, what is kept aside."""

from __future__ import annotations

import os
from typing import Any

import orjson
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tuicrm.errors import Invalid
from tuicrm.store.codec import BadLine, decode, dump, encode, load
from tuicrm.store.ulid import encode as ulid

proof = settings(max_examples=int(os.environ.get("TUICRM_PROOF", "100")), deadline=None)

A, B, C = (ulid(1_700_000_000_000 + n, n) for n in range(3))
REC_A, REC_B, REC_C = ({"id": i, "name": f"n{i[-1]}", "tags": ["x"]} for i in (A, B, C))


def line(body: str, record_id: str = A) -> bytes:
    return f'{{"id":"{record_id}",{body}}}'.encode()


json_values = st.recursive(
    st.none() | st.booleans() | st.integers(-(2**63), 2**64 - 1) | st.text(st.characters(exclude_categories=["Cs"])),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=3), inner, max_size=3),
    max_leaves=8,
)
names = st.text(max_size=4).filter(lambda name: name != "_v")
records = st.dictionaries(names, json_values, max_size=4).map(lambda body: {**body, "id": A})


class TestLine:
    @proof
    @given(records)
    def test_what_is_encoded_is_decoded_and_canonical(self, record: dict[str, Any]) -> None:
        encoded = encode(record)
        assert b"\n" not in encoded
        assert encode(decode(encoded)) == encoded
        assert decode(encoded) == record

    def test_keys_are_sorted_and_text_is_utf8(self) -> None:
        assert encode({"id": A, "b": {"z": 1, "a": "Zürich"}}) == f'{{"b":{{"a":"Zürich","z":1}},"id":"{A}"}}'.encode()

    @pytest.mark.parametrize(
        ("value", "words"),
        [
            (1.5, "floating point"),
            (float("nan"), "floating point"),
            ({"deep": [1, {"x": 2.0}]}, "x/deep/x holds 2.0"),
            ("\ud800", "surrogate"),
            (2**64, "64 bits"),
            ({1: "a"}, "cannot be stored"),
            ((1, 2), "tuple"),
            ({"s": {1}}, "cannot be stored"),
        ],
    )
    def test_what_a_line_cannot_hold_is_refused_by_name(self, value: Any, words: str) -> None:
        with pytest.raises(Invalid, match=words):
            encode({"id": A, "x": value})

    @pytest.mark.parametrize(
        ("raw", "words"),
        [
            (b"hello", "not valid JSON"),
            (b"\xff\xfe", "not valid JSON"),
            (b"[1]", "not a JSON object"),
            (b'{"name":"x"}', "id"),
            (b'{"id":5}', "id"),
            (line('"n":1', A[:-1]), "id"),
            (line('"n":1', A.lower()), "id"),
            (line('"n":1', "8" + A[1:]), "id"),
            (line('"n":1', "U" + A[1:]), "id"),
            (line('"n":1.5'), "floating"),
            (line('"n":1e300'), "floating"),
            (line('"n":{"x":[[0,{"y":-2.0}]]}'), "floating"),
            (line('"n":18446744073709551616'), "64 bits"),
            (line('"n":-9223372036854775809'), "64 bits"),
            (line('"n":1,"n":1'), "'n' appears twice"),
            (line('"m":{"k":1,"j":2,"k":3}'), "'k' appears twice"),
            (line('"n":"\\ud800"'), "not valid JSON"),
            (line('"n":NaN'), "not valid JSON"),
            (line('"_v":null'), "map of versions"),
            (line('"_v":["x"]'), "map of versions"),
            (line('"n":' + "[" * 400 + "]" * 400), "deep"),
            (line('"n":' + "[" * 9000 + "]" * 9000), "not valid JSON"),
            (line('"n":1') + line('"n":2'), "not valid JSON"),
        ],
    )
    def test_what_is_no_record_says_why(self, raw: bytes, words: str) -> None:
        with pytest.raises(BadLine, match=words):
            decode(raw)
        # The same verdict inside a file whose other lines are in perfect order.
        segment = load(dump([REC_B], []) + raw + b"\n" + dump([REC_C], []))
        assert list(segment.records) == [B, C]
        assert [(problem.line_no, problem.raw) for problem in segment.bad] == [(2, raw)]
        assert words in segment.bad[0].reason.replace("\\", "")
        assert not segment.canonical

    def test_a_canonical_looking_float_is_found_too(self) -> None:
        for number in (1.5, -2.0, 1e16, 1.5e300, 1e-7):
            raw = orjson.dumps({"id": A, "deep": [{"n": number}]}, option=orjson.OPT_SORT_KEYS)
            segment = load(raw + b"\n")
            assert not segment.records
            assert [problem.raw for problem in segment.bad] == [raw]


class TestFile:
    @proof
    @given(st.lists(st.tuples(st.sampled_from([A, B, C]), records), max_size=4))
    def test_a_dumped_file_is_canonical_and_reads_back(self, rows: list[tuple[str, dict[str, Any]]]) -> None:
        wanted = {record_id: {**record, "id": record_id} for record_id, record in rows}
        data = dump(wanted.values(), [])
        segment = load(data)
        assert segment.records == wanted
        assert list(segment.records) == sorted(wanted)
        assert segment.canonical
        assert not segment.bad

    @proof
    @given(st.lists(st.binary(max_size=20) | st.sampled_from([encode(REC_A), encode(REC_B)]), max_size=6))
    def test_no_byte_of_a_bad_line_is_lost(self, lines: list[bytes]) -> None:
        data = b"\n".join(lines)
        segment = load(data)
        healed = dump(segment.records.values(), [problem.raw for problem in segment.bad])
        again = load(healed)
        assert again.records == segment.records
        assert [problem.raw for problem in again.bad] == [problem.raw for problem in segment.bad]
        assert again.canonical
        kept = {problem.raw for problem in segment.bad}
        for raw in data.split(b"\n"):
            stripped = raw.removeprefix(b"\xef\xbb\xbf")
            dropped = not stripped.strip() or stripped[:7] in (b"<" * 7, b"=" * 7, b">" * 7, b"|" * 7)
            assert raw in kept or dropped or stripped in (encode(REC_A), encode(REC_B))

    @pytest.mark.parametrize("empty", [b"", b"\n", b"\r\n \n", b"\xef\xbb\xbf"])
    def test_nothing_in_it(self, empty: bytes) -> None:
        segment = load(empty)
        assert (segment.records, segment.bad, segment.canonical) == ({}, [], empty == b"")

    @pytest.mark.parametrize(
        "mangle",
        [
            lambda data: data[:-1],
            lambda data: b"\xef\xbb\xbf" + data,
            lambda data: data.replace(b"\n", b"\r\n"),
            lambda data: data.replace(b"\n", b"\n\n"),
            lambda data: data.replace(b'":', b'" : '),
            lambda data: b"".join(reversed(data.splitlines(keepends=True))),
            lambda data: data + data,
            lambda data: b"<<<<<<< HEAD\n" + data + b"||||||| 1a2b\n=======\n" + data + b">>>>>>> theirs\r\n",
        ],
    )
    def test_healed_without_a_loss(self, mangle: Any) -> None:
        data = dump([REC_A, REC_B, REC_C], [])
        segment = load(mangle(data))
        assert list(segment.records.values()) == [REC_A, REC_B, REC_C]
        assert not segment.bad
        assert not segment.canonical

    def test_only_what_git_writes_is_a_marker(self) -> None:
        lines = [b"<<<<<<<HEAD", b"========", b">>>>>> x", b"# <<<<<<< x"]
        assert [problem.raw for problem in load(b"\n".join(lines)).bad] == lines

    def test_lines_of_one_record_are_joined(self) -> None:
        one = {"id": A, "name": "old", "tags": ["x"]}
        two = {"id": A, "name": "new", "tags": ["y"], "_v": {"name": B}}
        segment = load(encode(one) + b"\n" + encode(two) + b"\n")
        assert segment.records == {A: {"id": A, "name": "new", "tags": ["x", "y"], "_v": {"name": B}}}
        assert not segment.canonical

    def test_bad_lines_stay_last_and_the_file_counts_as_canonical(self) -> None:
        data = dump([REC_B, REC_A], [b"junk\r", b'{"id":1}'])
        assert data == encode(REC_A) + b"\n" + encode(REC_B) + b"\n" + b'junk\r\n{"id":1}\n'
        segment = load(data)
        assert segment.canonical
        assert [str(problem) for problem in segment.bad][1] == "Line 4 is not a record: its id is missing or no ULID."

    def test_a_record_torn_over_two_lines_is_not_glued_by_its_neighbours(self) -> None:
        glued = line('"x":[{"y":1}') + b"\n" + b'{"z":2}],"zz":1},' + encode(REC_B) + b"\n"
        segment = load(glued.replace(b'}",', b'",'))
        assert not segment.records
        assert len(segment.bad) == 2

    def test_line_separators_inside_text_do_not_split(self) -> None:
        record = {"id": A, "notes": "a\u2028b\u0085c\x0bd\x1ee\rf"}
        assert load(encode(record) + b"\n").records == {A: record}
        spelled = {"id": A, "notes": "a\x0bb"}
        assert load(encode(spelled).replace(b"\\u000b", b"\\u000B") + b"\n").records == {A: spelled}

    def test_a_giant_line_is_only_a_long_line(self) -> None:
        record = {"id": A, "notes": "x" * 5_000_000}
        assert load(dump([record, REC_B], [])).records[A] == record
