"""A judging in a process of its own, to be killed: `python -m … URL FOLDER`."""

import sys
from pathlib import Path

from tests.judged_things import judged_again

if __name__ == "__main__":
    judged_again(Path(sys.argv[2]), [f"{sys.argv[1]}#one", f"{sys.argv[1]}#two"], at_once=4)
