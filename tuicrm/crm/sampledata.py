"""What the sample workspace is made of: invented companies, people and deals."""

from __future__ import annotations

USERS = (
    ("ann", "Ann Lee", "north"),
    ("bob", "Bob Ray", "south"),
    ("eva", "Eva Koch", "south"),
)

# What each should win in a quarter.
QUOTAS = {"ann": "550000.00", "bob": "60000.00", "eva": "20000.00"}

PRODUCTS = (
    ("Team plan", "TP-1", "Plans", "490.00"),
    ("Business plan", "BP-1", "Plans", "1200.00"),
    ("Onboarding", "SV-1", "Services", "2500.00"),
    ("Support, yearly", "SV-2", "Services", "3600.00"),
)

# Company, city, country, industry, contact, role.
COMPANIES = (
    ("Acme GmbH", "Berlin", "DE", "machinery", "Jane Roe", "CTO"),
    ("Nordwind Logistik", "Hamburg", "DE", "logistics", "Ove Brandt", "Head of IT"),
    ("Hansa Kontor", "Bremen", "DE", "trade", "Max Lund", "Purchasing"),
    ("Kite Labs", "Dublin", "IE", "software", "Una Daly", "COO"),
    ("Bluepeak AG", "Zürich", "CH", "insurance", "Reto Frei", "Head of Sales"),
    ("Sol & Co", "Sevilla", "ES", "energy", "Inés Ruiz", "Owner"),
    ("Mira Optik", "Jena", "DE", "optics", "Lena Voss", "Managing director"),
    ("Bakı Neft", "Bakı", "AZ", "oil and gas", "Günel Əliyeva", "Procurement"),
    ("Çınar Tekstil", "Bursa", "TR", "textiles", "Özgür Çınar", "General manager"),
    ("Juno Media", "Wien", "AT", "media", "Paul Haas", "CFO"),
    ("Quint BV", "Utrecht", "NL", "finance", "Kim Vos", "Finance"),
    ("Tarn Mills", "Leeds", "GB", "textiles", "Tom Ek", "CFO"),
    ("Ostfeld Werke", "Dresden", "DE", "machinery", "Jörg Müller", "Head of production"),
    ("Pike & Sons", "Hull", "GB", "fisheries", "Mary Pike", "Director"),
    ("Vela Marine", "Split", "HR", "shipping", "Ana Kovač", "Operations"),
    ("Rowan Health", "Cork", "IE", "health", "Niamh Byrne", "Head of IT"),
    ("Ελλάδα Πλοία", "Πειραιάς", "GR", "shipping", "Αθηνά Νικολάου", "Διευθύντρια"),
    ("Orbis SA", "Lyon", "FR", "logistics", "Zoé Girard", "COO"),
    ("Delta Foods", "Gent", "BE", "food", "Ola Berg", "Supply chain"),
    ("Fjord AS", "Bergen", "NO", "fisheries", "Liv Aas", "CEO"),
    ("Lumen Oy", "Tampere", "FI", "lighting", "Aino Salo", "Head of R&D"),
    ("Cobalt Ltd", "Bristol", "GB", "chemicals", "Sam Reed", "Purchasing"),
    ("پارس‌نگار", "تهران", "IR", "publishing", "یاسمن رضایی", "مدیر فروش"),
    ("Isar Medien", "München", "DE", "media", "Uli Bauer", "Head of IT"),
    ("Kestrel Air", "Malmö", "SE", "aviation", "Åsa Holm", "Operations"),
    ("Marlow Print", "Reading", "GB", "printing", "Joe Marlow", "Owner"),
    ("Tova Design", "København", "DK", "design", "Søren Dahl", "Partner"),
    ("Monta Stahl", "Essen", "DE", "steel", "Ben Sato", "Legal"),
    ("Greenway Farms", "Aarhus", "DK", "agriculture", "Mette Lund", "CEO"),
    ("Halden Bygg", "Oslo", "NO", "construction", "Uma Diaz", "Project lead"),
    ("Sirius Labs", "Turku", "FI", "pharma", "Eero Laine", "Head of IT"),
    ("Aster Hotels", "Lisboa", "PT", "hotels", "Rita Alves", "Revenue manager"),
    ("Bravo Sport", "Milano", "IT", "retail", "Luca Riva", "Buyer"),
    ("Elbe Reederei", "Cuxhaven", "DE", "shipping", "Frauke Jansen", "Disposition"),
    ("Onyx Bank", "Luxembourg", "LU", "banking", "Marc Weber", "Vendor management"),
    ("Ikaria Ferries", "Ikaria", "GR", "shipping", "Iris Chen", "CIO"),
    ("Zephyr Wind", "Esbjerg", "DK", "energy", "Ida Krogh", "Head of assets"),
    ("Noor Trading", "Rotterdam", "NL", "trade", "Lev Amir", "Director"),
    ("Tessa Mode", "Antwerpen", "BE", "fashion", "Tess Maes", "Founder"),
    ("Wren Books", "Oxford", "GB", "publishing", "Hugh Wren", "Owner"),
    ("Porto Cork", "Porto", "PT", "materials", "Sam Ito", "Plant manager"),
    ("Lyra Audio", "Göteborg", "SE", "electronics", "Nils Ek", "Head of product"),
    ("Harbour Foods", "Galway", "IE", "food", "Sean Walsh", "Purchasing"),
    ("Alto Bikes", "Girona", "ES", "bicycles", "Pau Serra", "Founder"),
    ("Brenner Glas", "Innsbruck", "AT", "glass", "Eva Thaler", "CEO"),
    ("Copper & Pine", "Bath", "GB", "furniture", "Amy Stone", "Partner"),
    ("Dune Solar", "Faro", "PT", "energy", "Nuno Reis", "Sales"),
    ("Ember Coffee", "Torino", "IT", "food", "Gaia Neri", "Owner"),
    ("Falk Optics", "Wetzlar", "DE", "optics", "Nina Falk", "CTO"),
    ("Gant Rail", "Gdańsk", "PL", "transport", "Łukasz Wójcik", "Fleet manager"),
)

# Stage, deal, company, value in thousands, days to the next step (None: none planned), what it is, rotting.
ANN_DEALS: tuple[tuple[str, str, str, int, int | None, str, bool], ...] = (
    ("lead", "Nordwind", "Nordwind Logistik", 4, None, "", False),
    ("lead", "Hansa", "Hansa Kontor", 9, None, "", True),
    ("lead", "Kite Labs", "Kite Labs", 6, 0, "send the overview", False),
    ("lead", "Bluepeak", "Bluepeak AG", 8, 2, "first call", False),
    ("lead", "Sol & Co", "Sol & Co", 5, 6, "call after the fair", False),
    ("lead", "Mira", "Mira Optik", 2, 9, "ask for the budget", False),
    ("lead", "Bakı Neft", "Bakı Neft", 14, 5, "call Günel", False),
    ("lead", "Çınar", "Çınar Tekstil", 8, None, "", False),
    ("lead", "Juno", "Juno Media", 5, 12, "send case study", False),
    ("qualified", "Quint", "Quint BV", 9, -8, "chase budget", True),
    ("qualified", "Tarn", "Tarn Mills", 7, 0, "call back", False),
    ("qualified", "Ostfeld", "Ostfeld Werke", 12, 1, "agree on a date for the demo", False),
    ("qualified", "Pike", "Pike & Sons", 15, 3, "send references", False),
    ("qualified", "Vela", "Vela Marine", 21, 4, "call Ana", False),
    ("qualified", "Rowan", "Rowan Health", 20, 5, "security questions", False),
    ("qualified", "Ελλάδα Πλοία", "Ελλάδα Πλοία", 18, 6, "τηλεφώνημα", False),
    ("demo", "Acme renewal", "Acme GmbH", 12, -3, "call Jane Roe re SOC2", False),
    ("demo", "Orbis", "Orbis SA", 25, None, "", False),
    ("demo", "Delta Foods", "Delta Foods", 40, 0, "demo prep", False),
    ("demo", "Fjord", "Fjord AS", 31, 2, "send the recording", False),
    ("demo", "Lumen", "Lumen Oy", 18, 2, "questions from R&D", False),
    ("demo", "پارس‌نگار", "پارس‌نگار", 22, 4, "تماس با یاسمن", False),
    ("demo", "Cobalt", "Cobalt Ltd", 9, 7, "second demo", False),
    ("demo", "Isar", "Isar Medien", 16, 8, "demo for the team", False),
    ("demo", "Kestrel", "Kestrel Air", 27, 10, "call Åsa", False),
    ("demo", "Tova", "Tova Design", 26, 12, "mail the summary", False),
    ("demo", "Marlow", "Marlow Print", 14, None, "", True),
    ("proposal", "Monta", "Monta Stahl", 61, -1, "send contract draft", True),
    ("proposal", "Greenway", "Greenway Farms", 90, 0, "call about the terms", False),
    ("proposal", "Halden", "Halden Bygg", 44, 1, "mail case study", False),
    ("proposal", "Sirius", "Sirius Labs", 30, 2, "revise the quote", False),
    ("proposal", "Aster", "Aster Hotels", 25, 6, "ask who signs", False),
    ("proposal", "Bravo", "Bravo Sport", 12, 8, "call Luca", False),
    ("proposal", "Elbe", "Elbe Reederei", 28, 9, "walk through the quote", False),
    ("proposal", "Onyx", "Onyx Bank", 20, 11, "vendor form", False),
    ("negotiation", "Ikaria", "Ikaria Ferries", 120, 0, "call", False),
    ("negotiation", "Zephyr", "Zephyr Wind", 70, 3, "answer legal", False),
    ("negotiation", "Noor", "Noor Trading", 45, 5, "meet in Rotterdam", False),
    ("negotiation", "Tessa", "Tessa Mode", 35, 5, "payment terms", False),
    ("negotiation", "Wren", "Wren Books", 20, 9, "last questions", False),
    ("verbal", "Porto", "Porto Cork", 22, 0, "check-in", False),
    ("verbal", "Lyra", "Lyra Audio", 18, 1, "call about the signature", False),
)

OTHER_DEALS: tuple[tuple[str, str, str, int, int | None, str, bool], ...] = (
    ("lead", "Harbour", "Harbour Foods", 7, 4, "first call", False),
    ("lead", "Dune", "Dune Solar", 11, None, "", False),
    ("qualified", "Alto", "Alto Bikes", 9, 0, "call Pau", False),
    ("qualified", "Gant", "Gant Rail", 48, 7, "visit", False),
    ("demo", "Brenner", "Brenner Glas", 16, -2, "send the agenda", False),
    ("proposal", "Copper", "Copper & Pine", 13, 3, "call Amy", False),
    ("proposal", "Ember", "Ember Coffee", 6, None, "", True),
    ("negotiation", "Falk", "Falk Optics", 38, 1, "discount", False),
)

# Deal, company, value in thousands, how it ended, days ago.
CLOSED: tuple[tuple[str, str, int, str, int], ...] = (
    ("Acme pilot", "Acme GmbH", 9, "won", 170),
    ("Acme rollout", "Acme GmbH", 55, "won", 74),
    ("Porto trial", "Porto Cork", 6, "won", 121),
    ("Greenway pilot", "Greenway Farms", 14, "won", 96),
    ("Lumen starter", "Lumen Oy", 8, "won", 61),
    ("Halden support", "Halden Bygg", 11, "won", 47),
    ("Delta pilot", "Delta Foods", 10, "won", 33),
    ("Zephyr study", "Zephyr Wind", 18, "won", 20),
    ("Wren archive", "Wren Books", 5, "won", 8),
    ("Kestrel trial", "Kestrel Air", 7, "price", 140),
    ("Cobalt 2025", "Cobalt Ltd", 12, "timing", 110),
    ("Rowan clinics", "Rowan Health", 33, "competitor", 88),
    ("Bravo shops", "Bravo Sport", 16, "no decision", 52),
    ("Juno archive", "Juno Media", 6, "no budget", 36),
    ("Onyx cards", "Onyx Bank", 41, "competitor", 15),
    ("Pike boats", "Pike & Sons", 4, "bad fit", 5),
)

# Type, subject, body, outcome.
TALK = (
    ("call", "Introduction", "Talked about how they work today; spreadsheets, one shared inbox.", "reached"),
    ("call", "No answer", "", "no_answer"),
    ("email", "Sent the overview", "Two pages and the price list.", ""),
    ("call", "Questions about the price list", "Wants yearly billing.", "reached"),
    ("meeting", "Kick-off", "Four people; they decide within the quarter.", ""),
    ("email", "Sent references", "", ""),
    ("call", "Left a message", "", "left_message"),
    ("meeting", "Demo", "Liked the board. Asked for single sign-on.", ""),
    ("note", "Budget signed off", "", ""),
    ("call", "Next steps", "Legal looks at the contract.", "reached"),
    ("email", "Revised quote", "Three years, ten percent off.", ""),
)


def _words(text: str) -> tuple[str, ...]:
    return tuple(text.split())


STEMS = _words(
    "Nord Ost West Alt Neu Berg Tal Stein Wald Feld Blau Grün Silver Iron Oak Elm Stone River Lake Hill North East "
    "Bright Clear Swift Bold Fair Gran Mont Val Bel Sol Mar Alta Nova Terra Luna Aqua Vega Delta Omega Kilo Zen Kav Ida"
)
ENDS = _words("werk haus tec med log trans land data soft line form plast chem food print media sol care bau net")
FORMS = _words("GmbH AG BV SA SpA Ltd Oy AS AB Lda")
FIRST = _words(
    "Ann Ben Cleo Dan Eva Finn Gia Hugo Ida Jan Kim Lea Max Nora Ole Pia Quinn Rosa Sam Tom Uma Vera Wim Xenia Zoe "
    "Ελένη Νίκος سارا علی Aygün Elçin Łucja Søren Ñusta"
)
LAST = _words(
    "Adler Berg Costa Dahl Ek Frei Girard Holm Ito Jansen Kovač Lund Maes Novak Olsen Pike Quist Reis Silva Thaler "
    "Ulrich Voss Weber Yilmaz Zeman Παππάς رضایی Əliyev"
)
CITIES = (("Berlin", "DE"), ("Lyon", "FR"), ("Milano", "IT"), ("Gent", "BE"), ("Oslo", "NO"), ("Leeds", "GB"))
