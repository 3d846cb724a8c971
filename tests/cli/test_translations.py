"""flask translations: a line for each language, and a page with the texts that must be checked."""

from pathlib import Path

from tests.cli.refusals import Run
from tracker.language import UNCHECKED, read_catalogue


def test_translations_says_how_far_each_language_is(run: Run, tmp_path: Path) -> None:
    result = run("translations", "--out", str(tmp_path))
    assert result.exit_code == 0, result.output
    messages = [each for each in read_catalogue("ru") if each.id]
    unchecked = [each for each in messages if UNCHECKED in each.user_comments]
    assert (
        f"Русский: {len(messages)} texts, 0 missing, 0 with a broken placeholder, {len(unchecked)} to check:"
        f" {tmp_path / 'ru.html'}"
    ) in result.stdout
    page = (tmp_path / "ru.html").read_text(encoding="utf-8")
    assert page.count('<td lang="ru">') == len(unchecked)
    if unchecked:
        assert "templates/" in page
