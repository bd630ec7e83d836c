"""What spreadsheets in several languages call their columns, and the parts of people's names."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tuicrm.exchange.synonyms import GIVEN, SYNONYMS
from tuicrm.records.registry import KINDS
from tuicrm.text import slug

if TYPE_CHECKING:
    from pathlib import Path

    from tests.exchange.conftest import Shell


@pytest.mark.parametrize(
    "header",
    [
        "First name,Last name,Company,E-mail,Mobile,Zip code",
        "Last name,First name,Company,E-mail,Mobile,Zip code",
        "Vorname,Nachname,Firma,E-Mail,Telefon,PLZ",
        "Nachname,Vorname,Unternehmen,E-Mail-Adresse,Handy,Postleitzahl",
        "Prénom,Nom,Société,Courriel,Téléphone,Code postal",
        "Nombre,Apellidos,Empresa,Correo electrónico,Móvil,Código postal",
    ],
)
def test_people_are_read_in_the_words_of_their_spreadsheet(shell: Shell, tmp_path: Path, header: str) -> None:
    first, last = ("Jan", "Müller")
    turned = header.startswith(("Last", "Nachname"))
    names = (last, first) if turned else (first, last)
    file = tmp_path / "people.csv"
    file.write_text(f"{header}\n{','.join(names)},Nord,jan@nord.example,+49305550101,10115\n", "utf-8")
    shell.ok("import", str(file), "--create-missing")
    (found,) = shell.rows("contact", "list")
    assert (found["name"], found["company_name"], found["emails"]) == ("Jan Müller", "Nord", ["jan@nord.example"])
    assert found["phones"] == ["+49305550101"]
    assert found["address"] == "10115"


def test_every_synonym_is_a_slug_of_a_field_that_some_kind_has() -> None:
    fields = {field.name for kind in KINDS.values() for field in kind.all_fields}
    assert set(SYNONYMS.values()) <= fields
    assert all(slug(name) == name for name in (*SYNONYMS, *GIVEN))
    assert all(SYNONYMS[name] == "name" for name in GIVEN)
