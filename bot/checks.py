"""What the doctor finds, one thing at a time."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Check:
    """One thing looked at.

    Attributes:
        check: Its name.
        ok: Whether all is well.
        detail: What was seen.
        fix: What to do; empty when all is well.
    """

    check: str
    ok: bool
    detail: str
    fix: str = ""
