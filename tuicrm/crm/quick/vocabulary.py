"""The words that say what a line is about."""

from __future__ import annotations

KINDS = ("followup", "activity", "deal", "contact", "company")
"""What a line can become, in the order in which one goes through them."""

NOUNS = {
    word: kind
    for kind, words in {
        "deal": "deal opportunity opp",
        "contact": "contact person",
        "company": "company organisation organization",
        "followup": "task todo to-do followup follow-up reminder remind",
        "activity": "log",
    }.items()
    for word in words.split()
}
"""First words that say the kind and nothing else."""

VERBS = {
    word: of
    for of, words in {
        "call": "call ring phone callback",
        "email": "mail email e-mail write",
        "meeting": "meet visit",
        "": "ask chase text ping invite remind thank see contact",
    }.items()
    for word in words.split()
}
"""First words of what is to be done with somebody, and the activity that it will be."""

PAST = {
    word: of
    for of, words in {
        "call": "called rang phoned spoke talked",
        "email": "mailed emailed e-mailed wrote",
        "meeting": "met visited",
        "note": "note noted",
    }.items()
    for word in words.split()
}
"""First words of what has happened."""

ADDING = ("new", "add", "create")
"""First words that say nothing where the kind follows: `new deal`."""

PRESENT = {"called": "call", "rang": "ring", "phoned": "phone", "mailed": "mail", "emailed": "email", "wrote": "write"}
PRESENT |= {
    "spoke": "speak",
    "talked": "talk",
    "e-mailed": "e-mail",
    "met": "meet",
    "visited": "visit",
    "noted": "note",
}

PLACES = {
    word: place
    for place, words in {
        "pipeline": "pipeline board deals deal",
        "activity": "activity activities log",
        "followups": "follow-ups followups follow-up followup tasks todo agenda",
        "forecast": "forecast",
        "contacts": "contacts people contact",
        "companies": "companies company",
        "leads": "leads triage",
    }.items()
    for word in words.split()
}
"""Names of panes; alone on the line they lead there."""

ABOUT = ("re", "regarding", "concerning", "about")
"""What comes before a deal, whatever follows."""
PERHAPS_ABOUT = ("for", "on")
"""What comes before a deal, where one is named so."""
WITH = ("with", "to", "from")
BEFORE_DATES = ("on", "by", "at", "until", "till", "due", "before", "from", "close", "closes", "closing", "expected")
BEFORE_MONEY = ("for", "worth", "over", "of", "value", "at", "about")

OUTCOMES = {
    "no answer": "no_answer",
    "not reached": "no_answer",
    "left message": "left_message",
    "left a message": "left_message",
    "voicemail": "left_message",
    "busy": "busy",
    "reached": "reached",
}
