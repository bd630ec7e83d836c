"""Words compared loosely: folding for search, the nearest spelling, keys made from names."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable

# Letters that people type for one another; NFKD and casefold do the rest. Azerbaijani ə is typed as e abroad.
_SAME = {
    "ي": "ی", "ى": "ی", "ې": "ی", "ے": "ی", "ك": "ک", "ة": "ه", "ہ": "ه", "ھ": "ه", "ە": "ه", "ٱ": "ا",
    "ı": "i", "ə": "e", "ø": "o", "ł": "l", "đ": "d", "ð": "d", "ħ": "h", "þ": "th", "æ": "ae", "œ": "oe", "ς": "σ",
    "‘": "'", "’": "'", "ʼ": "'", "“": '"', "”": '"', "„": '"', "‐": "-", "‑": "-", "–": "-", "—": "-", "−": "-",
    "ـ": "",
}  # fmt: skip

# A letter and its crude transliteration, for keys: Greek, Cyrillic, Persian.
_LATIN_PAIRS = (
    "αa βb γg δd εe ζz ηi θth ιi κk λl μm νn ξx οo πp ρr σs τt υy φf χch ψps ωo "
    "аa бb вv гg дd еe жzh зz иi кk лl мm нn оo пp рr сs тt уu фf хkh цts чch шsh щshch ъ ыy ь эe юyu яya "
    "іi єye ґg јj љlj њnj ћc ђd џdz ѕdz қq ғg ңn өo ұu үu һh әa "
    "اa بb پp تt ثs جj چch حh خkh دd ذz رr زz ژzh سs شsh صs ضz طt ظz عa غgh فf قq کk گg لl مm نn وv هh یy"
)
_LATIN = {ord(pair[0]): pair[1:] for pair in _LATIN_PAIRS.split()}
MAX_SLUG = 60


def fold(text: str) -> str:
    """Return the form in which texts are compared by search: no case, accents, joiners or look-alike letters.

    Any script's digits become ASCII; the result is for comparing only, its length may differ.
    """
    if text.isascii():
        return text.lower()
    folded = _fold_once(text)
    # Compatibility forms may unfold into letters that fold again; a second pass settles them.
    while not folded.isascii() and (again := _fold_once(folded)) != folded:
        folded = again
    return folded


def _fold_once(text: str) -> str:
    from unicodedata import normalize

    return normalize("NFKD", normalize("NFKD", text).casefold()).translate(_FOLDS)


class _Folds(dict[int, str]):
    """What a decomposed, case-folded code point becomes, found out on first sight."""

    def __missing__(self, code: int) -> str:
        import unicodedata

        char = chr(code)
        category = unicodedata.category(char)
        if char in _SAME:
            folded = _SAME[char]
        elif category == "Nd":
            folded = str(unicodedata.digit(char))
        elif (
            category == "Cf" or (unicodedata.combining(char) and char not in "\u3099\u309a") or 0xFE00 <= code <= 0xFE0F
        ):
            # Vowel signs that are letters of their own have combining class 0 and stay, as do kana voicing marks.
            folded = ""
        else:
            folded = char
        self[code] = folded
        return folded


_FOLDS = _Folds()


def latin(folded: str) -> str:
    """Return folded text crudely transliterated from Greek, Cyrillic and Persian; other letters stay."""
    return folded if folded.isascii() else folded.translate(_LATIN)


def nearest(word: str, choices: Iterable[str]) -> str | None:
    """Return the choice that is most probably meant by a misspelt word, or None when nothing is close."""
    wanted = _bare(word)
    if not wanted:
        return None
    limit = 1 if len(wanted) < 5 else 2 if len(wanted) < 9 else 3
    best: tuple[int, int, str] | None = None
    for order, choice in enumerate(choices):
        given = _bare(choice)
        if given == wanted:
            return choice
        distance = _distance(wanted, given, limit)
        if distance > limit and len(wanted) >= 3 and given.startswith(wanted):
            distance = limit  # an abbreviation is a guess, but a worse one than a slip of a finger
        if distance <= limit and distance < max(len(wanted), len(given)) and (best is None or distance < best[0]):
            best = (distance, order, choice)
    return best[2] if best else None


def _bare(word: str) -> str:
    """Fold and drop what is neither letter nor digit; bounded, since names may be very long."""
    return "".join([char for char in fold(word[:80]) if char.isalnum()])


def _distance(a: str, b: str, limit: int) -> int:
    """Count insertions, deletions, replacements and swaps of neighbours; anything above the limit is limit + 1."""
    if abs(len(a) - len(b)) > limit:
        return limit + 1
    before: list[int] = []
    row = list(range(len(b) + 1))
    for i, left in enumerate(a, 1):
        above, row = row, [i]
        for j, right in enumerate(b, 1):
            cost = min(above[j] + 1, row[j - 1] + 1, above[j - 1] + (left != right))
            if i > 1 and j > 1 and left == b[j - 2] and a[i - 2] == right:
                cost = min(cost, before[j - 2] + 1)
            row.append(cost)
        if min(row) > limit:
            return limit + 1
        before = above
    return min(row[-1], limit + 1)


def slug(text: str) -> str:
    """Return a key `[a-z][a-z0-9_]*` for a name: the same name, the same key, never empty.

    Greek, Cyrillic and Persian are transliterated crudely; where letters cannot be, a short hash tells names apart.
    """
    import re

    folded = fold(text).translate(_LATIN)
    key = re.sub("[^a-z0-9]+", "_", folded).strip("_")
    lost = any(char.isalnum() and not char.isascii() for char in folded)
    if not key or lost or len(key) > MAX_SLUG:
        from zlib import crc32

        digest = f"{crc32(folded.encode('utf-8', 'surrogatepass')):08x}"
        key = f"{key[:MAX_SLUG].strip('_')}_{digest}".strip("_")
    return key if key[0].isalpha() else f"x_{key}"
