"""Where a remote may be: which URLs may be handed to git, and how they are shown."""

from __future__ import annotations

import os

from tuicrm.errors import Invalid

LONGEST_URL = 2_000
_SCHEMES = frozenset(("https", "ssh", "git+ssh", "ssh+git", "file"))
_SCHEME_SIGNS = {ord(one): None for one in "+-."}
_EXAMPLE = "one such as https://example.com/team/sales.git, git@example.com:team/sales.git, or a folder"


def checked_url(url: str) -> str:
    """Return a URL or a path that may be handed to git, or raise Invalid."""
    from tuicrm.text import clean_line, truncate

    plain = url.strip()
    if not plain:
        raise Invalid("no URL is given", hint=_EXAMPLE)
    shown = truncate(clean_line(without_password(plain[:200])), 60)
    scheme, found, rest = plain.partition("://")
    helper = plain.partition("::")[0]
    is_helper = "::" in plain and helper.translate(_SCHEME_SIGNS).isalnum()
    odd = len(plain) > LONGEST_URL or any(ord(one) < 32 or 127 <= ord(one) < 160 for one in plain)
    # ssh would take a host, or a user, that begins with a dash for an option.
    if odd or is_helper or plain.startswith("-") or (found and rest.startswith("-")) or not _encodable(plain):
        raise Invalid(f"{shown!r} is no URL to clone from or to sync with", hint=_EXAMPLE)
    if found and scheme.lower() not in _SCHEMES:
        raise Invalid(f"{shown!r} cannot be used: tuicrm goes by https, by ssh, or to a folder", hint=_EXAMPLE)
    return plain


def is_folder(url: str) -> bool:
    """Whether a URL leads to a repository on this machine, as git sees it."""
    if "://" in url:
        return url.lower().startswith("file://")
    host, found, _ = url.partition(":")
    return not found or "/" in host


def folder_of(url: str, root: str) -> str:
    """Return the git directory that a URL of a folder leads to, seen from a work tree; "" for any other URL."""
    if not is_folder(url):
        return ""
    if "://" in url:
        from urllib.parse import unquote

        url = unquote(url[len("file://") :])
    path = os.path.join(root, url)
    # Where git looks, in its order.
    tried = (f"{path}{suffix}" for suffix in ("/.git", "", ".git/.git", ".git"))
    return next((one for one in tried if os.path.isdir(os.path.join(one, "objects", "pack"))), "")


def same_place(one: str, other: str) -> bool:
    """Whether two URLs lead to one repository: the same path on the same host, by ssh or by https."""
    return one == other or ("" not in _place(one) and _place(one) == _place(other))


def _place(url: str) -> tuple[str, str]:
    """Return host and path; both empty for a folder."""
    if is_folder(url):
        return "", ""
    _, found, rest = url.partition("://")
    host, _, path = rest.partition("/") if found else url.partition(":")
    return host.rpartition("@")[2].lower(), path.strip("/").removesuffix(".git")


def without_password(text: str) -> str:
    """Return a text in which no URL shows who signs in with what."""
    if "://" not in text:
        return text
    import re

    return re.sub(r"(?<=://)[^/\s]*@", "", text)


def _encodable(text: str) -> bool:
    try:
        text.encode()
    except UnicodeEncodeError:
        return False
    return True
