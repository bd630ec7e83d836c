"""Form posts and e-mails from outside: whom they find, what they make, and what is refused."""

from __future__ import annotations

import json
import subprocess
import sys
from typing import TYPE_CHECKING, Any
from urllib.parse import urlencode

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

if TYPE_CHECKING:
    from pathlib import Path

    from tests.cli.conftest import Shell

ZOE = {
    "fields": {
        **{"name": "Zoe Ox", "email": "zoe@ox.example", "phone": "+49 30 555 0142", "company": "Ox Ltd"},
        **{"message": "Please call\nsoon", "budget": "10k", "utm_source": "google", "utm_campaign": "spring"},
    },
    "form_name": "Contact us",
}
MAIL = """From: Zoe Ox <zoe@ox.example>
To: sales@us.example
Date: Tue, 6 Oct 2026 15:04:00 +0200
Message-ID: <{key}@ox.example>
Subject: {subject}

{body}
"""


@pytest.fixture
def post(shell: Shell, tmp_path: Path) -> Any:
    """What takes a post and gives its exit code and the outcome as JSON."""

    def take(data: Any, *words: str, name: str = "post") -> tuple[int, dict[str, Any]]:
        path = tmp_path / name
        data = data if isinstance(data, (str, bytes)) else json.dumps(data)
        path.write_bytes(data if isinstance(data, bytes) else data.encode())
        code = shell.run("intake", str(path), "--json", *words)
        return code, json.loads(shell.out) if shell.out else {}

    return take


def mail(subject: str = "Prices", body: str = "What do ten cost?", key: str = "one") -> str:
    return MAIL.format(subject=subject, body=body, key=key)


def leads(shell: Shell) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = shell.json("lead", "list")
    return found


@pytest.mark.parametrize(
    "data",
    [
        ZOE,
        [ZOE],
        urlencode({**ZOE["fields"], "form_name": "Contact us"}),  # type: ignore[dict-item]
        urlencode({f"form_fields[{key}]": text for key, text in ZOE["fields"].items()}),  # type: ignore[attr-defined]
        "Name;E-Mail;Phone;Firm;Message;budget;utm_source\nZoe Ox;zoe@ox.example;+49305550142;Ox Ltd;Hi;10k;google\n",
        {"data": {"items": [{"label": key, "value": text} for key, text in ZOE["fields"].items()]}},  # type: ignore[attr-defined]
        "".join(
            f'--XX\r\nContent-Disposition: form-data; name="{key}"\r\n\r\n{text}\r\n'
            for key, text in ZOE["fields"].items()  # type: ignore[attr-defined]
        )
        + '--XX\r\nContent-Disposition: form-data; name="cv"; filename=""\r\n\r\n\r\n--XX--\r\n',
        "Full name: Zoe Ox\nE-mail: zoe@ox.example\nPhone: +49305550142\nCompany: Ox Ltd\nbudget: 10k\n"
        "utm_source: google\nMessage: Please: call\n",
    ],
    ids=["json", "array", "form", "brackets", "csv", "pairs", "multipart", "text"],
)
def test_a_post_makes_a_lead_with_its_source_its_message_and_a_touch(shell: Shell, post: Any, data: Any) -> None:
    code, done = post(data)
    assert (code, done["made"], done["posts"][0]["kept"]) == (0, 1, ["budget"])
    (lead,) = leads(shell)
    assert (lead["name"], lead["emails"], lead["phones"]) == ("Zoe Ox", ["zoe@ox.example"], ["+49305550142"])
    assert (lead["source"], lead["owner"]) == ("google", None)
    assert "Ox Ltd" in shell.ok("lead", "list", "--columns", "company_name", "--format", "csv")
    (entry,) = shell.json("activity", "list")
    assert (entry["type"], entry["touch"], entry["source"], entry["lead"]) == ("touch", "form", "google", lead["id"])
    assert entry["id"] in done["posts"][0]["activities"]
    assert entry["body"].endswith("budget: 10k")


def test_the_same_post_twice_changes_nothing(shell: Shell, post: Any) -> None:
    post(ZOE)
    before = (leads(shell), shell.json("activity", "list"))
    code, done = post(ZOE)
    assert (code, done["again"], done["posts"][0]["name"]) == (0, 1, "Zoe Ox")
    assert (leads(shell), shell.json("activity", "list")) == before
    assert post([ZOE, ZOE])[1]["again"] == 2


def test_one_undo_takes_an_intake_back(shell: Shell, post: Any) -> None:
    post([ZOE, {"name": "Al", "email": "al@x.example"}])
    shell.ok("undo")
    assert (leads(shell), shell.json("activity", "list")) == ([], [])
    assert post(ZOE)[1]["made"] == 1


def test_a_known_contact_is_found_and_its_record_believed(stocked: Shell, post: Any) -> None:
    code, done = post({"name": "J. Roe", "email": "JANE@acme.example", "phone": "030 5550100", "message": "Hi"})
    assert (code, done["found"], done["posts"][0]["kind"]) == (0, 1, "contact")
    assert done["posts"][0]["kept"] == ["name", "phone"]
    jane = stocked.json("contact", "show", "Jane Roe")
    assert (jane["phones"], jane["source"]) == ([], "web form")
    assert leads(stocked) == []
    assert stocked.json("activity", "list")[-1]["body"] == "Hi\n\nname: J. Roe\nphone: 0305550100"


def test_whose_a_contact_is_sees_the_touch(stocked: Shell, post: Any) -> None:
    post({"email": "jane@acme.example", "message": "Hi"})
    (entry,) = stocked.json("activity", "list", "--where", "type:touch")
    assert entry["owner_name"] == "ann"


def test_texts_of_mails_are_left_out_where_the_team_says_so(shell: Shell, post: Any) -> None:
    shell.ok("config", "set", "mail_bodies", "no")
    post(mail())
    assert [one["body"] for one in shell.json("activity", "list")] == [None, None]


def test_a_number_finds_somebody_unless_a_colleague_has_it_too(shell: Shell, post: Any) -> None:
    shell.ok("contact", "add", "Jo Lu", "--phone", "+49 30 555 0177")
    assert post({"phone": "030 5550177", "message": "call me"})[1]["posts"][0]["name"] == "Jo Lu"
    shell.ok("contact", "edit", "Jo Lu", "--email", "jo@lu.example")
    assert post({"name": "Al", "email": "al@lu.example", "phone": "030 5550177"})[1]["made"] == 1


def test_a_lead_that_was_converted_is_its_contact(shell: Shell, post: Any) -> None:
    post(ZOE)
    shell.ok("lead", "convert", "zoe@ox.example")
    done = post({"email": "zoe@ox.example", "message": "again"})[1]["posts"][0]
    assert (done["kind"], done["name"]) == ("contact", "Zoe Ox")


def test_a_mail_ends_the_sequence_that_its_sender_is_in(
    shell: Shell, post: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    post(ZOE)
    shell.ok("sequence", "add", "Outbound", "--step", "0 call Hello", "--step", "3 call Again")
    shell.ok("sequence", "start", "Outbound", "Zoe Ox")
    assert post(mail(key="earlier"))[1]["posts"][0]["more"] == []
    monkeypatch.setenv("TUICRM_NOW", "2026-10-08T12:00:00Z")
    answer = mail(key="later").replace("Tue, 6 Oct 2026 15:04:00 +0200", "Thu, 8 Oct 2026 11:00:00 +0000")
    assert post(answer)[1]["posts"][0]["more"] == ["Outbound ended for Zoe Ox: they answered"]
    assert shell.json("followup", "list") == []
    shell.ok("undo")
    assert len(shell.json("followup", "list")) == 1


def test_of_a_multipart_form_files_are_named_and_their_contents_left(shell: Shell, post: Any) -> None:
    parts = (
        b'--b\r\nContent-Disposition: form-data; name="email"\r\n\r\nzoe@ox.example\r\n'
        b'--b\r\nContent-Disposition: form-data; name="message"\r\n\r\none\r\n--bold and --b too\r\n'
        b'--b\r\nContent-Disposition: form-data; name="cv"; filename="cv.pdf"\r\n'
        b"Content-Type: application/pdf\r\n\r\n%PDF\xff\r\n"
        b"--b--\r\n"
    )
    assert post(parts)[1]["made"] == 1
    (entry,) = shell.json("activity", "list")
    assert entry["body"] == "one\n--bold and --b too\n\ncv: the file cv.pdf, which is not kept"


def test_a_lead_that_was_put_off_is_back_when_it_asks_again(shell: Shell, post: Any) -> None:
    post(ZOE)
    shell.ok("lead", "edit", "Zoe Ox", "--snoozed-until", "2027-01-01")
    post({"email": "zoe@ox.example", "message": "again"})
    assert leads(shell)[0]["snoozed_until"] is None


def test_a_lead_that_was_given_up_is_back_when_it_asks_again_unless_it_is_spam(shell: Shell, post: Any) -> None:
    post(ZOE)
    shell.ok("lead", "disqualify", "Zoe Ox", "--reason", "no budget")
    done = post({"email": "zoe@ox.example", "message": "again"})[1]["posts"][0]
    assert "disqualified (no budget)" in done["more"][0]
    assert "it is back on the list" in shell.err
    (lead,) = shell.json("lead", "triage")
    assert (lead["status"], lead["reason"]) == ("new", None)
    shell.ok("lead", "disqualify", "Zoe Ox", "--reason", "spam")
    assert post({"email": "zoe@ox.example", "message": "and again"})[1]["posts"][0]["more"] == []
    assert shell.json("lead", "triage") == []


def test_fields_of_the_team_are_filled_where_the_answer_fits(shell: Shell, post: Any) -> None:
    shell.ok("field", "add", "budget", "--of", "lead", "--type", "number")
    post(ZOE)
    assert leads(shell)[0]["budget"] == 10_000
    code, done = post({"name": "Al", "email": "al@x.example", "budget": "plenty"})
    assert (code, done["posts"][0]["kept"]) == (0, ["budget"])


def test_a_mail_goes_into_the_log_beside_its_touch(shell: Shell, post: Any) -> None:
    code, done = post(mail("=?utf-8?q?Pr=C3=BCfung?="), "--source", "inbox", "--owner", "ann")
    assert (code, done["format"], done["made"]) == (0, "an e-mail", 1)
    assert (leads(shell)[0]["source"], leads(shell)[0]["owner_name"]) == ("inbox", "ann")
    found = {one["type"]: one for one in shell.json("activity", "list")}
    assert found.keys() == {"email", "touch"}
    entry = found["email"]
    assert (entry["subject"], entry["outcome"], entry["at"]) == ("Prüfung", "received", "2026-10-06T13:04:00Z")
    assert (entry["external_id"], "ten cost" in entry["body"]) == ("one@ox.example", True)
    assert post(mail("changed on the way"))[1]["again"] == 1


def test_a_mail_of_a_form_service_is_about_who_filled_the_form(shell: Shell, post: Any) -> None:
    body = "A new entry:\n\nName: Al Bo\nEmail: al@bo.example\nMessage: Hello,\nplease: call\n"
    service = mail(body=body).replace("Zoe Ox <zoe@ox.example>", "Forms <no-reply@forms.example>")
    assert post(service)[1]["posts"][0]["name"] == "Al Bo"
    assert "please: call" in shell.json("activity", "list")[0]["body"]
    machine = mail(key="two").replace("Zoe Ox <zoe@ox.example>", "Forms <no-reply@forms.example>")
    code, done = post(machine)
    assert (code, done["passed"], len(leads(shell))) == (0, 1, 1)


def test_a_mail_may_have_large_attachments(shell: Shell, post: Any) -> None:
    head = mail().partition("\n\n")[0]
    parts = "--B\nContent-Type: text/plain\n\nsee it\n--B\nContent-Type: image/png\n\n" + "QUJD" * 400_000
    code, _ = post(f"{head}\nMIME-Version: 1.0\nContent-Type: multipart/mixed; boundary=B\n\n{parts}\n--B--\n")
    assert code == 0
    assert "see it" in {one["type"]: one for one in shell.json("activity", "list")}["email"]["body"]


@pytest.mark.parametrize(
    ("data", "says"),
    [
        ({"email": "a@b.example", "message": "x" * 1_000_000}, "fewer than 1,000,000, so nothing of it was taken"),
        ("email\n" + "a@b.example\n" * 60_000, "60,001 lines; an intake has at most 50,000"),
        ("\n" * 1_000_000, "fewer than 1,000,000"),
        ([{"email": f"a{at}@b.example"} for at in range(1001)], "1,001 posts"),
        ({f"q{at}": "x" for at in range(201)}, "201 answers"),
        ({"email": "a@b.example, c@d.example"}, "is two e-mail addresses"),
        ({"email": "not one"}, "is not an e-mail address such as"),
        ({"name": "A\nBcc: x@y.example", "email": "a@b.example"}, "name: it holds a line break"),
        ({"name": "A\u2028B", "email": "a@b.example"}, "name: it holds a line break"),
        (mail("=?utf-8?q?Hi=0ABcc:_v=40x.example?="), "the header Subject holds a line break"),
        (mail().replace("Zoe Ox <zoe@ox.example>", "a@b.example, c@d.example"), "header From is 2 e-mail addresses"),
        (mail("a\nSubject: b"), "the header Subject stands twice"),
        ('{"email":"a@b.example","n":NaN}', "n: NaN is no number"),
        ('{"email":"a@b.example","f":{"a":{"b":1}}}', "f.a: it is nested too deeply"),
        ("[" * 100_000, "nested too deeply"),
        ('{"email":"a@b.example","email":"c@d.example"}', "the key 'email' stands twice"),
        ('{"f":{"email":"a@b.example","email":"c@d.example"}}', "the key 'email' stands twice"),
        ('{"email":"a@b.example","name":"M\xfc"}'.encode("latin-1"), "line 1: not readable as UTF-8"),
        ('{"email":"a@b.example","name":"\\ud800"}', "half of a character"),
        ('{"email":"a@b.example","name":"\\u0000"}', "NUL"),
        ("email=a%40b.example&name=%FF", "not in UTF-8"),
        ({"name": "Only a name"}, "neither an e-mail address nor a phone number"),
        ("hello", "no JSON, no form post"),
        (b"%PDF-1.4", "a PDF file"),
        (b"", "holds nothing"),
        ("[1]", "no object with questions and answers"),
        ('--x\r\nContent-Disposition: form-data; name="email"\r\n\r\na@x.example', "the form ends before"),
        ("--x\r\nContent-Disposition: form-data\r\n\r\na@x.example\r\n--x--", "a part of the form has no name"),
        ("BEGIN:VCARD\nEND:VCARD\n", "tuicrm import takes it"),
    ],
    ids=lambda value: value[:40] if isinstance(value, str) and value.isascii() and value.isprintable() else "",
)
def test_what_cannot_be_taken_says_why_and_leaves_nothing(shell: Shell, post: Any, data: Any, says: str) -> None:
    code, _ = post(data)
    error = json.loads(shell.err.splitlines()[-1])["error"]
    assert code == 5
    assert says in f"{error['message']} {error.get('hint', '')}"
    assert (leads(shell), shell.json("activity", "list")) == ([], [])


def test_of_several_posts_the_good_ones_are_taken_and_the_others_told(shell: Shell, post: Any) -> None:
    code, done = post([ZOE, {"name": "B", "email": "bad"}, 5, {"name": "Al", "email": "al@x.example"}])
    assert (code, done["made"], done["left"]) == (5, 2, 2)
    assert [(one["where"], one["what"]) for one in done["posts"]][1:3] == [("post 2", "left"), ("post 3", "left")]
    assert "2 of 4 posts of post were left; post 2: email" in shell.err
    assert len(leads(shell)) == 2


def test_a_dry_run_writes_nothing(shell: Shell, post: Any) -> None:
    code, done = post(ZOE, "--dry-run")
    assert (code, done["made"], done["posts"][0]["id"]) == (0, 1, "")
    assert leads(shell) == []


def test_signs_that_would_act_on_a_terminal_are_shown_instead(shell: Shell, post: Any, tmp_path: Path) -> None:
    post({"name": "Eve \x1b[2J", "email": "eve@x.example", "\x1b]0;q": "\x1b[31m", "message": "{0.__class__} \x07"})
    shell.ok("intake", str(tmp_path / "post"))
    said = shell.err + shell.ok("history", "eve@x.example") + shell.ok("lead", "list")
    assert "Eve" in said
    assert "\x1b" not in said
    assert "{0.__class__}" in shell.json("activity", "list")[0]["body"]


def test_a_post_cannot_set_what_is_the_teams(shell: Shell, post: Any) -> None:
    shell.ok("user", "add", "Bob Ray", "--handle", "bob")
    post({"name": "A", "email": "a@x.example", "owner": "bob", "status": "qualified", "score": "900", "tags": "vip"})
    (lead,) = leads(shell)
    assert (lead["owner"], lead["status"], lead["tags"]) == (None, "new", [])
    assert "score: 900" in shell.json("activity", "list")[0]["body"]


def test_posts_of_one_person_at_the_same_moment_make_one_lead(shell: Shell, tmp_path: Path) -> None:
    going = []
    for number in range(4):
        path = tmp_path / f"post-{number}"
        path.write_text(json.dumps({"name": "Zoe Ox", "email": "zoe@ox.example", "message": f"Hello {number}"}))
        going.append(subprocess.Popen([sys.executable, "-m", "tuicrm", "intake", str(path)], stderr=subprocess.PIPE))
    assert [(one.communicate(timeout=60)[1], one.returncode)[1] for one in going] == [0] * 4
    assert len(leads(shell)) == 1
    assert len(shell.json("activity", "list", "--where", "type:touch")) == 4


def test_through_a_pipe(shell: Shell) -> None:
    done = shell.spawn("intake", "-", input=b"name=Al&email=al%40x.example")
    assert done.returncode == 0, done.stderr
    assert leads(shell)[0]["id"] == done.stdout.decode().strip()
    assert shell.run("intake") == 2
    assert shell.run("intake", "none.json") == 3
    assert shell.run("intake", ".") == 5


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    st.one_of(
        st.binary(max_size=200),
        st.dictionaries(
            st.text(max_size=12), st.one_of(st.text(max_size=30), st.none(), st.booleans()), max_size=5
        ).map(lambda made: json.dumps({**made, "email": "law@x.example"}).encode()),
        st.text(max_size=120).map(lambda body: mail(body=body).encode("utf-8", "replace")),
    )
)
def test_whatever_comes_is_taken_once_or_refused_in_a_sentence(shell: Shell, post: Any, data: bytes) -> None:
    code, _ = post(data)
    assert code in (0, 5)
    assert "Traceback" not in shell.err
    before = shell.json("activity", "list")
    again, done = post(data)
    assert again == code
    assert shell.json("activity", "list") == before
    assert not done or done["made"] == done["found"] == 0
