"""The view of a speed run as GitHub's Markdown."""

from visavis.report.language import Words
from visavis.report.markdown import escaped, measures, source, table
from visavis.report.speed.view import SpeedView


def speed_markdown(view: SpeedView) -> str:
    """The whole view but for its drawings, which are for the page."""
    _ = Words(view.lang)
    parts = [
        f"# {escaped(view.title)}",
        escaped(view.run),
        f"**{escaped(view.headline)}**",
        "\n".join(f"> {escaped(warning)}" for warning in view.warnings),
    ]
    for load in view.loads:
        parts += [f"## {escaped(load.label)}", table(*measures(load))]
    parts += [
        "\n".join(f"- {escaped(said.text)}" for said in view.sentences),
        "  \n".join(escaped(text) for text in view.reading),
        *source(view.items, view.command, _),
    ]
    return "\n\n".join(part for part in parts if part) + "\n"
