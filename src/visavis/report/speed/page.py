"""A speed run as one self-contained page: no network and no script; drawings are plain SVG."""

from markupsafe import Markup

from visavis.report.charts.of_speed import charts_of_speed
from visavis.report.language import Words
from visavis.report.page import asset, digest, environment
from visavis.report.speed.figures import SpeedFigures
from visavis.report.speed.view import SpeedView


def speed_page(view: SpeedView, figures: SpeedFigures) -> str:
    """The whole view, with its drawings, as an HTML page."""
    style = asset("page.css") + asset("charts.css") + asset("speed.css")
    return (
        environment()
        .get_template("speed.html.j2")
        .render(
            view=view,
            _=Words(view.lang),
            charts=charts_of_speed(figures, view.lang),
            style=Markup(style),
            style_hash=digest(style),
        )
    )
