"""Help that belongs to no single command."""

from __future__ import annotations

EXIT_CODES = """\
Exit codes

    0  done
    1  unexpected failure; a report was written
    2  the command line is wrong
    3  nothing answers to what was named
    4  a name fits several records; they are listed
    5  a value, a file or a record that cannot be accepted
    6  needs your decision (a conflict, a sync)
    7  busy, locked or read-only; a full disk; a remote out of reach
    8  damaged data
  130  cancelled

With --json (or --format json, jsonl) an error is JSON on stderr:

  {"error": {"code": "not_found", "message": "…", "hint": "…"}}

and has "field" where one field is wrong, "candidates" where a name fits several.
"""

QUERY = """\
The query language, for --where and for the filter of the board

  stage:proposal          a field and its value; text fields: contains
  name="Acme renewal"     equals; also != > >= < <=
  value>10k               money; with a currency (value>10kUSD) only that currency
  close<"next friday"     dates in words; close:"this month" is a whole period
  created>2026-01-01      close, closed, opened, created, updated are dates
  owner:me                the acting user; any reference by name or id
  tag:hot                 has the tag
  source:none             is empty; source:any is filled
  "free text"             words in the fields that matter; case and accents do not
  -tag:cold               not
  a b                     both
  a or b                  either; brackets group: (a or b) c

States

  deals        is:open is:won is:lost is:any is:rotting is:overdue is:mine
  follow-ups   is:done is:undone is:any is:overdue is:mine

Lists show open deals and undone follow-ups unless a state is named; --all shows all.

Examples

  tuicrm deal list --where 'stage:proposal value>10k owner:me'
  tuicrm deal list --where 'is:won closed>=2026-10-01 -tag:renewal' --sort -value
  tuicrm contact list --where 'company:Acme (title:CTO or title:CFO)'

A shell gives meaning to > < and brackets: put the query into single quotes.
"""

DATES = """\
Dates and times, in options, queries and quick add

  2026-12-01              a date
  1 dec, 1 dec 2026       day and month in words; the year may be left out
  today, tomorrow, yesterday
  friday, next tuesday    days of the week
  in 3 days, in 2 weeks, 3 days ago
  end of month, end of next month, end of quarter
  10/11/2026              follows the date_order setting, and says how it was read
  tomorrow 10am, friday 14:30, 2026-12-01 09:00    with a time

Periods, in queries and for --period

  this week, last month, next quarter, this year
  last 90 days, last 4 weeks, next 7 days          with today
  year to date, quarter to date, ytd, qtd          up to today
  2026-10, 2026-Q3, 2026, FY2027-Q1, FY2027
  2026-09-09..2026-10-08                           from day to day

Quarters and years are those of the fiscal year, which begins with the month of
the fiscal_year_start setting and is named after the calendar year it ends in.
With april, 2026-Q3 and FY2026-Q3 are October to December 2025, and end of
quarter, next year and the like go by it too. A month such as 2026-10 is always
the calendar's.

Repeat rules, for --repeat: daily, every 2 weeks, every monday, monthly

What was understood is said on stderr. TUICRM_NOW (an ISO instant such as
2026-10-08T09:00:00Z) fixes what "today" is; the timezone setting says in which
zone times are meant, week_start where a week begins.
"""

TOPICS = {"exit-codes": EXIT_CODES, "query": QUERY, "dates": DATES}
