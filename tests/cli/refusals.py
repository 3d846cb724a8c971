"""What a command that is refused says."""

from collections.abc import Callable

from click.testing import Result

Run = Callable[..., Result]


def check_refused(result: Result, sentence: str) -> None:
    """Status 2, nothing on standard output, one line on standard error."""
    assert result.exit_code == 2, result.output
    assert result.stdout == ""
    assert sentence in result.stderr
    assert len(result.stderr.splitlines()) == 1, result.stderr
    assert "Traceback" not in result.stderr
