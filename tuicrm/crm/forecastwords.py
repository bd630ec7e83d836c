"""What each figure of a forecast means, how it is worked out, and where that comes from."""

from __future__ import annotations

FIGURES: tuple[tuple[str, str], ...] = (
    (
        "won",
        "the values of the deals won in the period up to today, in the base currency at the rate of the closing day",
    ),
    (
        "commit",
        "won, and the full values of the committed open deals: category commit, or none and at least 80 % probable",
    ),
    ("open", "what the method expects of the open deals whose expected close lies in the month"),
    ("more", "what it expects beyond these: deals that close earlier or later than planned, and deals not made yet"),
    ("expected", "won + open + more"),
    (
        "8 times in 10",
        "the range from the 10th to the 90th percentile of 2,000 possible futures, drawn with a fixed seed",
    ),
    ("chance of quota", "the share of these futures that reach the quota"),
    ("quota", "the sum of the quotas of the people that the view is about; only a month's, quarter's or year's own"),
    ("gap", "quota - expected"),
)
METHODS: tuple[tuple[str, str, str], ...] = (
    (
        "history",
        "The chance of each open deal to be won within the period, from the days at which deals of its age were won "
        "and lost, the month's place in the quarter, and what became before of deals in its stage and as far from "
        "their expected close; "
        "times its value, or the list price by what wins brought of it. With the deals to come, and beside the run "
        "rate in the rhythm of the quarter: both views are weighed by their squared errors on earlier days.",
        "discrete-time competing risks (Singer and Willett 1993); landmarking (van Houwelingen 2007), leaning on 1 by "
        "ten wins; the calendar and a lasting bias by what exceeds noise (James and Stein 1961)",
    ),
    (
        "simulation",
        "The median of 2,000 possible futures of the history method: each open deal is won or not, later deals come as "
        "they came, and all are as far off together as forecasts were before.",
        "Monte Carlo; gamma-Poisson counts; Student's t for what few trials cannot tell",
    ),
    (
        "weighted",
        "Value times probability, the deal's own or its stage's, in the month of the expected close.",
        "usage",
    ),
    ("categories", "Won and committed deals in full, all others not at all.", "usage"),
)
BACKTEST: tuple[tuple[str, str, str], ...] = (
    (
        "off by (WAPE)",
        "Σ|forecast - actual| / Σ actual over the origins",
        "Hyndman and Athanasopoulos, 2021, section 5.8",
    ),
    ("bias", "Σ(forecast - actual) / Σ actual", "the same"),
    ("Brier", "the mean of (chance - outcome)² over all open deals of all origins; 0 is best", "Brier 1950"),
    ("in range", "the share of outcomes from the 10th to the 90th percentile; 80 % is right", "usage"),
    ("run rate", "what the same number of days before the origin brought", "usage"),
)


def explained() -> str:
    """Return all of it as text."""
    lines = ["Figures\n", *(f"  {name}: {text}\n" for name, text in FIGURES)]
    lines += ["\nMethods\n", *(f"  {name}: {text} Source: {source}.\n" for name, text, source in METHODS)]
    lines += ["\nBacktest\n", *(f"  {name}: {text}. Source: {source}.\n" for name, text, source in BACKTEST)]
    return "".join(lines)
