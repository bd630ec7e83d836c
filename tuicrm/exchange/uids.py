"""How other programs call our records: an id is 128 bits, as a UUID is, so each is the other in another spelling."""

from __future__ import annotations

from uuid import UUID

from tuicrm.store.ulid import RANDOM_BITS, encode, number_of

URN = "urn:uuid:"


def uuid_of(id_: str) -> str:
    """Return a record's id as a UUID, the same for ever."""
    return str(UUID(int=number_of(id_)))


def id_of(uid: str) -> str:
    """Return the record's id that a UID stands for; empty where it is no UUID, and so none of ours."""
    try:
        number = UUID(uid.strip().lower().removeprefix(URN)).int
    except ValueError:
        return ""
    return encode(number >> RANDOM_BITS, number)
