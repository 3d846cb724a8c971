"""flask job: names the jobs, runs one by hand, for any day."""

from pathlib import Path

from config import Config
from tests.cli.refusals import Run, check_refused


def test_job_lists_the_jobs_with_their_times(run: Run) -> None:
    for arguments in (["--list"], []):
        result = run("job", *arguments)
        assert result.exit_code == 0
        assert result.stdout.splitlines() == [
            "remind_of_milestones  0 7,9,12 * * *",
            "deliver_mails  every 20 seconds",
            "read_imports  every 10 seconds",
            "discard_old_imports  15 3 * * *",
            "remove_leftover_evidence  30 3 * * *",
            "forget_attempts  every 60 seconds",
            "empty_log  every 5 seconds",
            "vacuum  every 30 seconds",
            "rewrite_tables  45 3 * * *",
        ]


def test_job_runs_by_hand_for_a_day_and_delivers(run: Run, config: Config) -> None:
    assert run("job", "remind_of_milestones", "--today", "2026-12-08").stdout == "4 mails queued\n"
    assert run("job", "remind_of_milestones", "--today", "2026-12-08").stdout == "0 mails queued\n"
    assert run("job", "deliver_mails").stdout == "4 sent, 0 failed\n"
    assert run("job", "deliver_mails").stdout == "Nothing was due.\n"
    assert len(list(Path(config.MAIL_URL.removeprefix("file://")).glob("*.eml"))) == 4


def test_a_job_that_does_not_exist_is_refused(run: Run) -> None:
    check_refused(run("job", "nonsense"), "There is no job nonsense. “flask job --list” names them.")
