"""A run of a million trials: written, judged, shown, made into a page, and opened in Chromium.

    python -m benches.million [--cases N] [--candidates N] [--at FOLDER]

Each step runs in a fresh process; memory is its peak, imports included. The run is kept in FOLDER,
and taken from there if it is there already; without one, all of it goes to a temporary folder.
"""

import argparse
import io
import json
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from playwright.sync_api import Browser, Page
from tests.report.chromium import CHROMIUM, chromium

from benches.million_run import write_run
from visavis.api import Comparison
from visavis.api.verdict import chosen

Said = dict[str, float]
PAGE = "report.html"


def judge(run: Path) -> None:
    assert Comparison(run).judgement.rows


def show(run: Path) -> None:
    Comparison(run).show(io.StringIO())


def verdict(run: Path) -> None:
    chosen(run, "everyday")


def page(run: Path) -> None:
    Comparison(run).save_html(run / PAGE)


STEPS: dict[str, Callable[[Path], None]] = {
    "judge": judge,
    "show": show,
    "verdict": verdict,
    "page": page,
}


def measured(step: Callable[[], None]) -> Said:
    """Wall and processor seconds, and peak memory of this process in MB."""
    began, cpu = time.perf_counter(), time.process_time()
    step()
    return {
        "wall_s": time.perf_counter() - began,
        "cpu_s": time.process_time() - cpu,
        "peak_mb": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024,
    }


def child(arguments: list[str]) -> None:
    step, run, *sizes = arguments
    if step == "write":
        said = measured(lambda: write_run(Path(run), *map(int, sizes)))
    else:
        said = measured(lambda: STEPS[step](Path(run)))
    print(json.dumps(said))


def in_a_process(*arguments: str) -> Said:
    command = [sys.executable, "-m", "benches.million", "--child", *arguments]
    told = subprocess.run(command, check=True, stdout=subprocess.PIPE, text=True)
    found: Said = json.loads(told.stdout)
    return found


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--cases", type=int, default=250_000)
    parser.add_argument("--candidates", type=int, default=4)
    parser.add_argument("--at", type=Path)
    parser.add_argument("--child", nargs="+", help=argparse.SUPPRESS)
    given = parser.parse_args()
    if given.child:
        child(given.child)
        return
    with folder(given.at) as at:
        for row in table(at / "run", given.cases, given.candidates):
            print("| " + " | ".join(row) + " |", flush=True)


@contextmanager
def folder(kept: Path | None) -> Iterator[Path]:
    if kept is not None:
        kept.mkdir(parents=True, exist_ok=True)
        yield kept
        return
    with tempfile.TemporaryDirectory() as temporary:
        yield Path(temporary)


def table(run: Path, cases: int, candidates: int) -> Iterator[tuple[str, str, str, str]]:
    yield f"{cases * candidates:,} trials", "wall, s", "processor, s", "peak memory, MB"
    yield "---", "---", "---", "---"
    if not (run / "run.json").exists():
        said = in_a_process("write", str(run), str(cases), str(candidates))
        yield row(f"write the run, {mb(run / 'trials.sqlite')}", said)
    for step, label in (
        ("judge", "judge it"),
        ("show", "`visavis show`: judge it and print the tables"),
        ("verdict", "`visavis verdict`"),
    ):
        yield row(label, in_a_process(step, str(run)))
    said = in_a_process("page", str(run))
    beside = sorted(run.glob("report.transcripts/*.js"))
    yield row(f"write the page, {mb(run / PAGE)} and {mb(*beside)} in {len(beside):,} files", said)
    if CHROMIUM is not None:
        yield from looked_at(run / PAGE)


def row(label: str, said: Said) -> tuple[str, str, str, str]:
    return label, f"{said['wall_s']:.1f}", f"{said['cpu_s']:.1f}", f"{said['peak_mb']:,.0f}"


def mb(*files: Path) -> str:
    return f"{sum(file.stat().st_size for file in files) / 1e6:,.1f} MB"


def looked_at(file: Path) -> Iterator[tuple[str, str, str, str]]:
    """The page in Chromium, as a reader would use it; times as the reader waits."""
    with chromium() as browser:
        tab = browser.new_page(viewport={"width": 1280, "height": 900})
        empty = file.with_name("empty.html")
        empty.write_text("<!doctype html><title>empty</title>", encoding="utf-8")
        yield "open an empty page, for comparison: interactive", opened(tab, empty), "", ""
        began = time.perf_counter()
        yield "open the page: interactive", opened(tab, file), "", ""
        settled(tab)
        took = f"{time.perf_counter() - began:.2f}"
        yield "open the page: transcripts seen", took, "", f"{renderer_mb(browser):,.0f}"
        yield "scroll through it: longest frame", f"{tab.evaluate(SCROLL) / 1000:.3f}", "", ""
        for label, act in (
            ("turn a page of transcripts", "#next"),
            ("only the failed ones", "label:has([value=left])"),
            ("mark differences", "label:has([name=differ])"),
        ):
            began = time.perf_counter()
            tab.locator(act).click()
            settled(tab)
            took = f"{time.perf_counter() - began:.2f}"
            yield label, took, "", f"{renderer_mb(browser):,.0f}"
        tab.locator("label:has([value=all])").click()
        began = time.perf_counter()
        tab.locator("[type=search]").fill("a text that nobody wrote")
        tab.get_by_text("No case is like this.").wait_for(timeout=600_000)
        took = f"{time.perf_counter() - began:.1f}"
        yield "search all of it", took, "", f"{renderer_mb(browser):,.0f}"


def opened(tab: Page, file: Path) -> str:
    """Seconds until it could be used."""
    tab.goto(file.as_uri())
    return f"{tab.evaluate(INTERACTIVE) / 1000:.2f}"


INTERACTIVE = "performance.getEntriesByType('navigation')[0].domInteractive"
SCROLL = """new Promise((done) => {
  let last = performance.now(), worst = 0, frames = 0;
  const step = (now) => {
    worst = Math.max(worst, now - last);
    last = now;
    scrollBy({ top: 400, behavior: "instant" });
    frames += 1;
    if (frames < 60) requestAnimationFrame(step); else done(worst);
  };
  requestAnimationFrame(step);
})"""


def settled(tab: Page) -> None:
    """All cases of the page of transcripts are there."""
    ready = "#cases:not([aria-busy]) article"
    tab.locator(ready).first.wait_for(timeout=120_000)


def renderer_mb(browser: Browser) -> float:
    """Peak memory of the process that holds the page."""
    told = browser.new_browser_cdp_session().send("SystemInfo.getProcessInfo")
    pids = [one["id"] for one in told["processInfo"] if one["type"] == "renderer"]
    return max(peak_mb(pid) for pid in pids)


def peak_mb(pid: int) -> float:
    status = Path(f"/proc/{pid}/status").read_text()
    return int(status.partition("VmHWM:")[2].split()[0]) / 1024


if __name__ == "__main__":
    main()
