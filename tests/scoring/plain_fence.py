"""A fence that keeps nothing out: a fresh interpreter, for code that our own tests wrote.

Lets what is graded by running be tested on machines where no real fence can be had.
"""

import subprocess
import sys

from visavis.core.fence import Check, Program, Ran

_CHECK = "\nimport sys\nsys.exit(0 if check({reply!r}) else 3)\n"
_PROGRAM = """
_own = {{}}
exec({solution!r}, _own)
try:
    check(_own[{entry_point!r}])
except AssertionError as error:
    import sys
    sys.exit(3)
"""


class PlainFence:
    """Runs each job in an interpreter of its own, and counts them."""

    def __init__(self) -> None:
        self.ran = 0

    def run(self, job: Program | Check) -> Ran:
        self.ran += 1
        if isinstance(job, Check):
            code = job.code + _CHECK.format(reply=job.reply)
        else:
            code = f"{job.setup}\n{job.test}\n" + _PROGRAM.format(
                solution=job.solution, entry_point=job.entry_point
            )
        try:
            done = subprocess.run(
                [sys.executable, "-I", "-W", "ignore", "-c", code],
                capture_output=True,
                text=True,
                timeout=job.limit_s,
                check=False,
            )
        except subprocess.TimeoutExpired:
            return Ran(end="timed out", detail=f"after {job.limit_s:g} s")
        last = done.stderr.strip().rpartition("\n")[2]
        match done.returncode:
            case 0:
                return Ran(end="passed", detail="")
            case 3:
                return Ran(end="failed", detail=last)
        return Ran(end="raised", detail=last)
