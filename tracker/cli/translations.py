"""flask translations: how far the catalogues are, and pages for translators of what must still be checked."""

from collections import defaultdict
from dataclasses import dataclass
from pathlib import Path

import click
from babel.messages.catalog import Message
from jinja2 import Environment, FileSystemLoader, StrictUndefined

from tracker.language import LANGUAGES, UNCHECKED, catalogue_file, read_catalogue

ROOT = Path(__file__).parents[2]


@dataclass(frozen=True)
class Text:
    """A message as the page shows it. `forms` has one for each plural form; none where it is missing."""

    english: tuple[str, ...]
    forms: tuple[str, ...]
    note: str
    elsewhere: tuple[str, ...]


@click.command("translations", help="Reports on each catalogue, and writes pages of what must be checked.")
@click.option(
    "--out", default=str(ROOT / "var" / "translations"), type=click.Path(file_okay=False, path_type=Path)
)
def translations(out: Path) -> None:
    out.mkdir(parents=True, exist_ok=True)
    for code, name in LANGUAGES.items():
        if not catalogue_file(code).exists():
            continue
        catalogue = read_catalogue(code)
        messages = [each for each in catalogue if each.id]
        missing = [each for each in messages if not all(_texts(each.string))]
        broken = [each for each in messages if each.check(catalogue)]
        unchecked = [each for each in messages if UNCHECKED in each.user_comments or each in missing]
        page = out / f"{code}.html"
        page.write_text(_page(code, name, unchecked), encoding="utf-8")
        click.echo(
            f"{name}: {len(messages)} texts, {len(missing)} missing, {len(broken)} with a broken placeholder,"
            f" {len(unchecked)} to check: {page}"
        )


def _page(code: str, name: str, messages: list[Message]) -> str:
    groups: dict[str, list[Text]] = defaultdict(list)
    for message in messages:
        first, *others = sorted({place for place, _ in message.locations}) or [""]
        groups[first].append(_text(message, tuple(others)))
    environment = Environment(
        loader=FileSystemLoader(ROOT / "templates"), autoescape=True, undefined=StrictUndefined
    )
    return environment.get_template("translations/unchecked.html").render(
        code=code,
        name=name,
        number=len(messages),
        groups=sorted(groups.items()),
        file=catalogue_file(code).relative_to(ROOT),
        style=(ROOT / "tracker" / "static" / "app.css").as_uri(),
    )


def _text(message: Message, elsewhere: tuple[str, ...]) -> Text:
    forms = _texts(message.string)
    return Text(_texts(message.id), forms if all(forms) else (), message.context or "", elsewhere)


def _texts(value: object) -> tuple[str, ...]:
    return tuple(map(str, value)) if isinstance(value, list | tuple) else (str(value or ""),)
