"""What open deals, and deals not made yet, will bring: learnt from how the team's own deals went, never from later.

Everything here is arithmetic on arrays of days and amounts (see `facts`); no module knows the workspace but
`gathering`, which makes the arrays.
"""

from __future__ import annotations
