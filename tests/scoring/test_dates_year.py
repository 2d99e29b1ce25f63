"""A day of any year."""

from datetime import date

from visavis.scoring.dates import last_date


def test_a_day_without_a_year_is_that_day_of_any_year() -> None:
    found = last_date("It is due on 4 March.")
    assert found is not None
    assert not found.has_year
    assert found.equals(date(2031, 3, 4))
    assert not found.equals(date(2031, 3, 5))
