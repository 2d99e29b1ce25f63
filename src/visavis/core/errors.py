"""Everything visavis raises on purpose.

VisavisError                 a run could not finish (exit code 1)
├── OptionError              what was asked for cannot be run (exit code 2)
│   ├── UnknownNameError     no candidate, benchmark or run is called that
│   ├── MissingKeyError      a hosted candidate has no key in the environment
│   └── CaseFileError        a user's case file is wrong; names file and line
├── DataError                a file is missing, cut short, or not the file we know
├── StoreError               a run folder is locked, torn, foreign or newer
└── FenceError               no fence for model-written code can be had here
"""

from typing import ClassVar


class VisavisError(Exception):
    """Base of all errors meant for the reader.

    The text is one line: what is wrong, about which thing in quotes, what to do.
    """

    exit_code: ClassVar[int] = 1


class OptionError(VisavisError):
    """What was asked for cannot be run; the user can mend it."""

    exit_code = 2


class UnknownNameError(OptionError):
    """No thing of this kind has that name; the text suggests the nearest."""


class MissingKeyError(OptionError):
    """The environment holds no key for a hosted candidate."""


class CaseFileError(OptionError):
    """A user's case file is wrong; the text names file and line."""


class DataError(VisavisError):
    """A file is missing, cut short, or not the file we know."""


class StoreError(VisavisError):
    """A run folder is locked, torn, another run's, or from a newer version."""


class FenceError(VisavisError):
    """No fence for model-written code can be had on this machine."""
