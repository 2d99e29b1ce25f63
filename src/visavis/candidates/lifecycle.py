"""Tells a user who is about to ask a model that it will be gone, and what replaces it."""

from dataclasses import replace
from datetime import date

from visavis.core.candidate import Candidate, Lifecycle


def warning(candidate: Candidate, today: date) -> str | None:
    """One line on a shutdown that is announced or past; None where none is known of.

    The dates are compared as they are written, so a month without a day counts from its first.
    """
    life = candidate.lifecycle
    if life is None or (life.status == "active" and life.shutdown_date is None):
        return None
    return (
        f"{candidate.name!r} ({candidate.model} by {candidate.route}) {_when(life, today)}"
        f"{_instead(life)} [{life.source}; {life.as_of}]"
    )


def corrected(candidate: Candidate, shutdown_date: str | None, today: date) -> Candidate:
    """The candidate with the date that its provider's own list of models gives, if it gives one."""
    if shutdown_date is None:
        return candidate
    known = candidate.lifecycle
    told = Lifecycle(
        status="shut down" if shutdown_date <= today.isoformat() else "deprecated",
        shutdown_date=shutdown_date,
        successor=known.successor if known else None,
        source="the provider's list of models",
        as_of=today.isoformat(),
    )
    return replace(candidate, lifecycle=told)


def _when(life: Lifecycle, today: date) -> str:
    day = life.shutdown_date
    then = "" if day is None else f" in {day}" if len(day) == len("2027-01") else f" on {day}"
    if life.status == "shut down" or (day is not None and day <= today.isoformat()):
        return f"was to be shut down{then}: it may not answer"
    return f"is to be shut down{then}" if day else "is deprecated, with no date for its end"


def _instead(life: Lifecycle) -> str:
    return f"; its successor there is {life.successor}" if life.successor else ""
