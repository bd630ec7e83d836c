"""What spreadsheets call a field, in the languages that many of them are kept in."""

from __future__ import annotations


def _all(field: str, columns: str) -> dict[str, str]:
    """One field for several columns, which stand as slugs with spaces between them."""
    return dict.fromkeys(columns.split(), field)


_ENGLISH = {
    **_all("emails", "e_mail email_address e_mail_address mail"),
    **_all("phones", "telephone phone_number mobile mobile_phone tel cell"),
    **_all("company", "organization organisation account account_name company_name firm"),
    **_all("name", "full_name first_name last_name surname given_name family_name"),
    **_all("title", "job_title position role"),
    **_all("address", "street street_address zip zip_code postal_code postcode"),
    **_all("value", "amount deal_value"),
    **_all("expected_close", "close_date expected_close_date"),
    **_all("owner", "sales_rep rep sales_agent account_manager"),
    **_all("notes", "comment comments remarks"),
    "id": "external_id",
}
_GERMAN = {
    **_all("emails", "e_mail_adresse mailadresse"),
    **_all("phones", "telefon telefonnummer tel_nr mobil mobiltelefon handy rufnummer"),
    **_all("company", "firma firmenname unternehmen kunde"),
    **_all("name", "vorname nachname familienname vollstandiger_name ansprechpartner"),
    **_all("address", "strasse anschrift adresse plz postleitzahl"),
    **_all("city", "ort stadt"),
    **_all("country", "land"),
    **_all("value", "betrag umsatz auftragswert"),
    **_all("owner", "verkaufer betreuer zustandig"),
    **_all("notes", "notiz notizen bemerkung bemerkungen kommentar"),
}
_FRENCH = {
    **_all("emails", "courriel adresse_mail adresse_e_mail"),
    **_all("phones", "telephone_portable portable numero_de_telephone"),
    **_all("company", "societe entreprise raison_sociale client"),
    **_all("name", "prenom nom nom_de_famille nom_complet"),
    **_all("title", "fonction poste"),
    **_all("address", "rue code_postal"),
    **_all("city", "ville"),
    **_all("country", "pays"),
    **_all("value", "montant"),
    **_all("notes", "remarque remarques commentaire commentaires"),
}
_SPANISH = {
    **_all("emails", "correo correo_electronico"),
    **_all("phones", "telefono movil celular"),
    **_all("company", "empresa compania cliente"),
    **_all("name", "nombre apellido apellidos nombre_completo"),
    **_all("title", "cargo puesto"),
    **_all("address", "calle direccion codigo_postal"),
    **_all("city", "ciudad poblacion"),
    **_all("country", "pais"),
    **_all("value", "importe monto"),
    **_all("notes", "nota notas comentario comentarios"),
}

SYNONYMS = {**_SPANISH, **_FRENCH, **_GERMAN, **_ENGLISH}
"""The field by what a column is called, as a slug; where a kind has it, and no other column is named like it."""

GIVEN = frozenset(("first_name", "given_name", "vorname", "prenom", "nombre"))
"""What the first part of people's names is called: it comes first, and only tables of people have it."""
