"""flask export: files of a review."""

from io import BytesIO
from pathlib import Path

import click
from flask.cli import AppGroup

from tracker import clock
from tracker.cli.files import replace_file
from tracker.cli.running import database, says_what_to_do, settings
from tracker.failures import BadInput
from tracker.language import LANGUAGES, speaking
from tracker.policy.actors import VISITOR
from tracker.queries import reviews
from tracker.queries.midterm import get_midterm_report

export = AppGroup("export", help="Files of a review.")


@export.command("midterm")
@click.option("--review", required=True, help="Code of the review, for example KGZ-3.")
@click.option("--out", "out", required=True, type=click.Path(dir_okay=False, path_type=Path))
@click.option("--language", default="en", type=click.Choice([*LANGUAGES]), help="Of headings and labels.")
@says_what_to_do
def midterm(review: str, out: Path, language: str) -> None:
    """Writes the mid-term workbook, as everybody may see it."""
    with speaking(language):
        _write_midterm(review, out)


def _write_midterm(review: str, out: Path) -> None:
    from tracker.exchange.midterm.workbook import write_midterm

    config = settings()
    with database().reading() as session:
        report = get_midterm_report(
            session,
            VISITOR,
            review,
            f"{review}-live",
            clock.day_in(config.TIMEZONE, clock.now()),
            config.BASE_URL,
            is_demonstration=reviews.is_demonstration(session),
        )
    file = BytesIO()
    try:
        write_midterm(report, file)
        replace_file(out, file.getvalue())
    except OSError as error:
        raise BadInput(f"{out} cannot be written: {error.strerror}.") from error
    click.echo(f"{out}: {len(report.points)} action points.")
