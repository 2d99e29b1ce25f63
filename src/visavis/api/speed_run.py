"""A judged speed run, and every form in which it can be shown."""

from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any

from visavis.api.again import measured_again
from visavis.api.facts import measured_here, versions
from visavis.api.shown import Shown
from visavis.api.speed_beside import ENERGY, FACT, MEMORY
from visavis.core.candidate import Fact
from visavis.measure.energy import BlockEnergy
from visavis.measure.load.run import Ending
from visavis.measure.load.slo import objective
from visavis.measure.load.store import LoadStore
from visavis.measure.memory_growth import ContextMemory
from visavis.measure.reference_tokens import reference
from visavis.options import Language
from visavis.report.speed.beside import beside_of
from visavis.report.speed.figures import SpeedFigures, judged, loaded
from visavis.verdict.policy_file import policy_of

if TYPE_CHECKING:
    from visavis.report.speed.view import SpeedView


class SpeedRun(Shown):
    """A speed run, judged under a policy. Reads its folder alone: no network, no model."""

    def __init__(
        self,
        folder: Path,
        *,
        policy: str = "default",
        lang: Language = "en",
        ended: Ending | None = None,
    ) -> None:
        super().__init__(folder, policy=policy, lang=lang)
        self.ended = ended
        """How the session that made it ended; None for a run of an earlier day."""

    @cached_property
    def figures(self) -> SpeedFigures:
        """Every figure, as data."""
        with LoadStore.open(self.folder) as store:
            return figures_of(store, self._policy)

    @cached_property
    def view(self) -> "SpeedView":
        """The whole report in words, as every renderer shows it."""
        from visavis.report.speed.view import speed_view

        return speed_view(self.figures, self.lang)

    @property
    def verdict(self) -> str:
        """The verdict in one sentence."""
        return self.view.headline

    def _print(self, file: Any, columns: int | None) -> None:
        from visavis.report.speed.terminal import show_speed

        show_speed(self.view, file, columns=columns)

    def markdown(self) -> str:
        from visavis.report.speed.markdown import speed_markdown

        return speed_markdown(self.view)

    def html(self) -> str:
        """One page with everything in it; it loads nothing from anywhere."""
        from visavis.report.speed.page import speed_page

        return speed_page(self.view, self.figures)

    def json(self) -> bytes:
        """As `speed.schema.json` says."""
        from visavis.report.speed.export import speed_results

        return speed_results(self.figures)


def figures_of(store: LoadStore, policy: str) -> SpeedFigures:
    """All figures of a run, from its folder alone."""
    spec, blocks, calibration = store.spec, list(store.blocks()), store.calibration()
    objectives = tuple(objective(text) for text in spec.slo)
    found = loaded(blocks, objectives, calibration)
    began = str(spec.machine.get("at", ""))
    return SpeedFigures(
        name=str(spec.passed.get("out", store.folder.name)),
        spec=spec,
        loads=tuple(dict.fromkeys(load for load, _ in found)),
        loaded=found,
        judgement=judged(blocks, spec, policy_of(policy)),
        objectives=objectives,
        calibration=calibration,
        facts=measured_here(store.facts(), began[:10]),
        beside=beside_of(
            blocks,
            store.beside(MEMORY, ContextMemory),
            store.beside(ENERGY, BlockEnergy),
            store.beside(FACT, Fact),
            reference(),
        ),
        spent_usd=store.spent_usd(),
        notes=store.notes(),
        started_at=began,
        command=measured_again(spec.passed),
        versions=versions(spec.machine),
    )
