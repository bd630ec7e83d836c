"""A quote as a page of HTML that needs nothing else: no script, no picture, nothing from the network."""

from __future__ import annotations

from html import escape
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence

    from tuicrm.crm.quotes.paper import Paper

_STYLE = """\
body{font:11pt/1.45 system-ui,sans-serif;max-width:46em;margin:2em auto;padding:0 1em;color:#111;background:#fff}
h1{font-size:1.5em;margin:1.2em 0 .6em}
header{text-align:end;color:#444}
table{border-collapse:collapse;width:100%;margin:1em 0}
th,td{padding:.35em .6em;text-align:end;vertical-align:top;font-variant-numeric:tabular-nums}
th:first-child,td:first-child{text-align:start;padding-inline-start:0}
thead th{border-bottom:2px solid #111}
tbody td{border-bottom:1px solid #ccc}
tfoot td{border:0}
tfoot tr:last-child td{border-top:2px solid #111;font-weight:bold}
dl{display:grid;grid-template-columns:max-content auto;gap:.1em 1em}
dt{color:#444}
dd{margin:0}
@media print{body{margin:0;max-width:none}}
"""


def html(paper: Paper) -> str:
    """Return a quote as one file; every text in it is escaped."""
    facts = "".join(f"<dt>{escape(name)}</dt><dd>{escape(value)}</dd>" for name, value in paper.facts)
    heads = "".join(f'<th scope="col">{escape(head)}</th>' for head in paper.heads)
    rows = "".join(f"<tr>{_cells(row)}</tr>\n" for row in paper.rows)
    span = len(paper.heads) - 1
    sums = "".join(
        f'<tr><td colspan="{span}" style="text-align:end">{escape(name)}</td><td>{escape(value)}</td></tr>\n'
        for name, value in paper.sums
    )
    return f"""\
<!DOCTYPE html>
<html>
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>{escape(paper.heading)}</title>
<style>
{_STYLE}</style>
</head>
<body>
{_block(paper.seller, "header")}{_block(paper.recipient, "address")}<h1>{escape(paper.heading)}</h1>
<dl>{facts}</dl>
<table>
<thead><tr>{heads}</tr></thead>
<tbody>
{rows}</tbody>
<tfoot>
{sums}</tfoot>
</table>
{_block(paper.terms, "footer")}</body>
</html>
"""


def _cells(row: Sequence[str]) -> str:
    return "".join(f'<td dir="auto">{escape(cell)}</td>' for cell in row)


def _block(lines: Sequence[str], tag: str) -> str:
    if not lines:
        return ""
    inner = "<br>\n".join(f'<span dir="auto">{escape(line)}</span>' for line in lines)
    return f"<{tag}>{inner}</{tag}>\n"
