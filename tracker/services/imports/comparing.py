"""Compares what was read of a file with what stands in the review: the items of the preview."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session

from tracker.exchange.imports.layouts import Wordings
from tracker.exchange.imports.matching import Known, Match
from tracker.exchange.imports.rows import FileRow, Problem, ReadFile
from tracker.exchange.imports.sheets import row_of
from tracker.failures import BadInput
from tracker.language import gettext
from tracker.models.imports import Import, ImportItem
from tracker.models.reviews import Review
from tracker.models.settings import SeededRow
from tracker.queries.imports import Present, list_present
from tracker.services.imports.draft_lines import DraftReader, has_draft
from tracker.services.imports.items import ItemMaker, Remembered, not_read
from tracker.services.imports.rows import IMPORTED
from tracker.services.imports.translations import find_languages
from tracker.services.imports.values import Values, fingerprint_of_all, is_same, is_without_number


class ReviewChanged(BadInput):
    """The file was matched with what does not stand any more."""


@dataclass(frozen=True)
class Standing:
    """What stands in a review while a file is read: `known`, with which it is matched, and a digest of all of it."""

    known: Known
    digest: str


def find_standing(session: Session, review: Review) -> Standing:
    present = list_present(session, review.id)
    remembered = _remembered(session, review)
    known = {each.id: _wordings_of(each, remembered.get(each.id, {})) for each in present}
    return Standing(known, fingerprint_of_all(present))


def make_items(
    session: Session, review: Review, found: Import, read: ReadFile, matches: Sequence[Match], digest: str
) -> list[ImportItem]:
    """One for each recommendation of the file, in its order, and more where a person must decide about a part of what
    it says, or where it makes a draft for a ministry; then one for each row that could not be read. Nothing is stored
    but what the import was compared with. `digest`: of what stood in the review when `matches` were found; raises
    `ReviewChanged` where something else stands now."""
    present = {each.id: each for each in list_present(session, review.id)}
    if digest != fingerprint_of_all(list(present.values())):
        sentence = gettext("Somebody changed the review while the file was read. Read the file again.")
        raise ReviewChanged(sentence)
    found.compared_with = digest
    languages = find_languages(session, found, (match.item.row.text for match in matches))
    maker = ItemMaker(present, _remembered(session, review), read.layout.value, languages)
    told = _by_row(read.problems)
    drafts = None
    if any(has_draft(row) for row in read.rows):
        drafts = DraftReader(session, review, found, read.language)
    items: list[ImportItem] = []
    for match in matches:
        said = {row_of(row.place): told.pop(row_of(row.place), []) for row in match.item.rows}
        problems = [*match.item.problems, *(problem for problems in said.values() for problem in problems)]
        items += maker.make(match, problems)
        recommendation_id = items[-1].recommendation_id
        for row in match.item.rows if drafts else ():
            if drafts and has_draft(row):
                of_row = [
                    *said[row_of(row.place)],
                    *_about_which(match, row, present.get(recommendation_id or 0)),
                ]
                items.append(drafts.read(row, recommendation_id, of_row))
    items += [not_read(problems[0].place, None, problems) for problems in told.values()]
    for number, each in enumerate(items, start=1):
        each.import_id, each.number = found.id, number
    return items


def _about_which(match: Match, row: FileRow, stands: Present | None) -> list[Problem]:
    """What leaves open whether a row is about the recommendation that stands here."""
    problems = [each for each in match.item.problems if each.is_about_which]
    if stands is None or problems:
        return problems
    ref = stands.values["ref"]
    is_of_number = row.ref is None or is_without_number(ref) or is_same("ref", row.ref, ref)
    if is_of_number and not match.is_other:
        return []
    sentence = gettext(
        "The number or the text of this row is not that of %(ref)s. Look at both before you take it.", ref=ref
    )
    return [Problem(row.place, sentence, is_about_which=True)]


def _wordings_of(present: Present, imported: dict[str, Values]) -> Wordings:
    """As it stands and as files had it, as rows, so that they are matched like those of a file. A number of ours is
    none."""
    ref = present.values["ref"]
    stands = FileRow(
        place=ref,
        text=present.values["text"],
        ref=None if is_without_number(ref) else ref,
        state_codes=tuple(present.values["states"]),
    )
    texts = dict.fromkeys(values["text"] for values in imported.values() if "text" in values)
    return (stands, *(stands.but(text=text) for text in texts if text != stands.text))


def _by_row(problems: Iterable[Problem]) -> dict[str, list[Problem]]:
    """A problem of a cell is one of its row."""
    told: dict[str, list[Problem]] = defaultdict(list)
    for problem in problems:
        told[row_of(problem.place)].append(problem)
    return told


def _remembered(session: Session, review: Review) -> Remembered:
    rows = select(SeededRow).where(SeededRow.file == IMPORTED, SeededRow.key.startswith(f"{review.code}|"))
    imported: Remembered = defaultdict(dict)
    for row in session.scalars(rows):
        _, recommendation_id, layout = row.key.split("|")
        imported[int(recommendation_id)][layout] = row.values
    return imported
