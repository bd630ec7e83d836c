"""Phone numbers in their international form, with the workspace's own country for those that name none."""

from __future__ import annotations

from tuicrm.crm import phones

_CODES = (
    "1us 1ca 7ru 7kz 20eg 27za 30gr 31nl 32be 33fr 34es 36hu 39it 40ro 41ch 43at 44gb 45dk 46se 47no 48pl 49de 51pe "
    "52mx 53cu 54ar 55br 56cl 57co 58ve 60my 61au 62id 63ph 64nz 65sg 66th 81jp 82kr 84vn 86cn 90tr 91in 92pk 93af "
    "94lk 95mm 98ir 212ma 213dz 216tn 218ly 220gm 221sn 225ci 233gh 234ng 237cm 244ao 249sd 250rw 251et 254ke 255tz "
    "256ug 258mz 260zm 261mg 263zw 264na 267bw 351pt 352lu 353ie 354is 355al 356mt 357cy 358fi 359bg 370lt 371lv "
    "372ee 373md 374am 375by 376ad 377mc 378sm 380ua 381rs 382me 383xk 385hr 386si 387ba 389mk 420cz 421sk 423li "
    "502gt 503sv 504hn 505ni 506cr 507pa 509ht 591bo 593ec 595py 598uy 852hk 853mo 855kh 856la 880bd 886tw 960mv "
    "961lb 962jo 963sy 964iq 965kw 966sa 967ye 968om 970ps 971ae 972il 973bh 974qa 975bt 976mn 977np 992tj 993tm "
    "994az 995ge 996kg 998uz"
)
_CODE_OF = {one[-2:]: one[:-2] for one in _CODES.split()}
_KEEPS_ZERO = frozenset(("it", "sm"))
"""Countries in which the zero in front is part of the number."""
_TRUNK = {"us": "1", "ca": "1", "ru": "8", "kz": "8", "hu": "06", "by": "80"}
"""What is dialled in front of a number at home, where that is no single zero."""


def international(number: str, country: str) -> str:
    """Return a number as `+` and digits (E.164), without an extension; empty where its country is not known.

    `country` is the two-letter code of the country in which a number without a prefix is.
    """
    typed = number.strip()
    if typed.startswith(("+", "00")):
        return f"+{phones.core(typed)}" if phones.core(typed) else ""
    home = country.strip().lower()
    code = _CODE_OF.get(home)
    if code is None:
        return ""
    digits = "".join(letter for letter in typed.partition("x")[0] if letter.isdigit())
    trunk = _TRUNK.get(home, "0")
    # A number of ten digits in a country of eleven begins with the trunk digit only by chance.
    if home not in _KEEPS_ZERO and digits.startswith(trunk) and (trunk[0] == "0" or len(digits) == 11):
        digits = digits[len(trunk) :]
    return f"+{code}{phones.digits(digits)}" if digits else ""


def same(one: str, other: str, country: str = "") -> bool:
    """Tell whether two texts are one phone number; without a country for one of them, by how they end."""
    first, second = international(one, country), international(other, country)
    if first and second:
        return first == second
    return phones.same(phones.core(one), phones.core(other))
