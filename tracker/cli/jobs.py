"""flask job, schedule and serve: what runs by the clock, by hand or all day long."""

import logging
import os
import sys
from contextlib import suppress
from datetime import date
from functools import partial
from typing import Any
from urllib.parse import urlsplit

import click
from flask.cli import with_appcontext

from tracker import safety
from tracker.cli.first_accounts import list_first_accounts
from tracker.cli.running import database, says_what_to_do, settings
from tracker.failures import BadInput
from tracker.jobs.context import JobContext
from tracker.jobs.schedule import SCHEDULE
from tracker.serve import run_together, run_web

HTTP = 80
MOST_PROCESSES = 8


@click.command("job")
@click.argument("name", required=False)
@click.option("--today", type=click.DateTime(["%Y-%m-%d"]), help="Run as if it were this day.")
@click.option("--list", "is_list", is_flag=True, help="Name the jobs and their times.")
@with_appcontext
@says_what_to_do
def job(name: str | None, today: Any, is_list: bool) -> None:
    """Runs one job of the schedule now; safe to run twice."""
    from tracker.jobs.runner import run_job

    if is_list or not name:
        for each in SCHEDULE:
            click.echo(f"{each.name}  {each.cron or f'every {each.every_seconds} seconds'}")
        return
    scheduled = next((each for each in SCHEDULE if each.name == name), None)
    if scheduled is None:
        raise BadInput(f"There is no job {name}. “flask job --list” names them.")
    day: date | None = today.date() if today else None
    click.echo(run_job(_job_context(), scheduled, day) or "Nothing was due.")


@click.command("schedule")
@with_appcontext
def schedule() -> None:
    """Runs the scheduler until it is stopped. Two on one database are safe."""
    _run_scheduler()


@click.command("serve")
@click.option("--host", envvar="HOST", default="127.0.0.1")
@click.option("--port", envvar="PORT", default=8000)
@with_appcontext
@says_what_to_do
def serve(host: str, port: int) -> None:
    """Runs the web server and the scheduler beside it; Ctrl-C, or the end of one, stops both."""
    config = settings()
    if config.TRACKER_ENV == "production" and not config.is_https and not config.is_loopback(host):
        raise BadInput(
            f"HOST {host} listens to the network, where passphrases would travel in clear: set BASE_URL to the "
            "https:// address of your proxy, or leave out HOST."
        )
    # Where the disk of the log is full, these lines are lost and the server starts all the same.
    with suppress(OSError):
        for line in list_first_accounts(database()):
            click.echo(line)
        click.echo(f"Open {config.BASE_URL} (Ctrl-C stops it)")
        if not config.is_https and (urlsplit(config.BASE_URL).port or HTTP) != port:
            click.echo(
                f"It listens on port {port} and answers at {config.BASE_URL} alone: where no proxy stands in front, "
                f"let BASE_URL end in :{port}."
            )
        sys.stdout.flush()
    safety.harden_process()
    database().dispose()  # no connection may be in two processes
    address, processes = f"{host}:{port}", config.WEB_PROCESSES or default_processes()
    sys.exit(run_together([partial(run_web, address, processes), _run_scheduler]))


def _run_scheduler() -> None:
    from tracker.jobs.runner import run_schedule

    logging.basicConfig(level=logging.INFO, format="%(asctime)s %(levelname)s %(name)s %(message)s")
    logging.getLogger("apscheduler").setLevel(logging.WARNING)
    safety.harden_process()
    if settings().TRACKER_ENV == "production":
        safety.warn_of_swap()
    run_schedule(_job_context())


def default_processes() -> int:
    """One for each core that this process may use, and not more than eight: each takes some 40 MB."""
    cores = len(os.sched_getaffinity(0)) if sys.platform == "linux" else os.cpu_count() or 1
    return min(cores, MOST_PROCESSES)


def _job_context() -> JobContext:
    config = settings()
    return JobContext(
        database(),
        config.BASE_URL,
        config.MAIL_URL,
        config.MAIL_FROM,
        config.TIMEZONE,
        config.IMPORT_MAX_ROWS,
    )
