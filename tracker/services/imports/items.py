"""One recommendation of a file beside what stands here for it: the lines of a preview."""

from collections.abc import Iterator, Sequence
from typing import Any

from tracker.exchange.imports.matching import Match
from tracker.exchange.imports.merging import Item
from tracker.exchange.imports.rows import Problem, Weight
from tracker.language import fold_ref, gettext, language_name, long_date
from tracker.models.imports import ASKED, OF_NEW, ImportItem, ItemKind
from tracker.queries.imports import Present
from tracker.services.imports.translations import FIELD as TRANSLATION
from tracker.services.imports.translations import Languages
from tracker.services.imports.values import (
    Comparison,
    Values,
    compare,
    is_same,
    is_without_number,
    label_of,
    values_of,
    words_of,
)

Remembered = dict[int, dict[str, Values]]
"""By recommendation and layout: what the last import said."""
_NEW = -1
"""In the place of the key of a recommendation that does not stand here yet."""


class ItemMaker:
    """`imported`: what earlier files said; `layout`: that of this file."""

    def __init__(
        self, present: dict[int, Present], imported: Remembered, layout: str, languages: Languages
    ) -> None:
        self._present, self._imported, self._layout = present, imported, layout
        self._languages = languages
        self._refs = {each.values["ref"]: key for key, each in present.items()}
        self._former_refs = {fold_ref(ref): key for key, each in present.items() for ref in each.former_refs}

    def make(self, match: Match, told: list[Problem]) -> Iterator[ImportItem]:
        """One item; more with the changes that nobody may decide but a person, and that nobody takes yet."""
        item, said = match.item, values_of(match.item.row)
        standing = sorted((self._present[key] for key in match.keys), key=lambda each: _nearness(each, said))
        stands = standing[0] if standing else None
        language = self._languages.of_row(stands.id, said.get("text", "")) if stands else None
        if language is not None and stands is not None:
            yield self._translation(match, said["text"], stands, language, told)
            return
        if match.is_other and stands is not None:
            yield self._other_text(match, said, stands, told)
            return
        problems = [*told, *self._number_taken(item, said, stands), *_parted(item, standing)]
        if stands is None and not said.get("text"):
            yield not_read(item.row.place, item.row.ref, [*problems, _without_text(item)])
            return
        compared = self._compare(said, stands, match.of_others)
        sure = {field: pair for field, pair in compared.changes.items() if field not in compared.conflicts}
        retired = _retired(item, stands) if sure else []
        problems += retired
        kind = _kind(item, problems, sure, stands)
        values = said | ({ASKED: sorted(compared.conflicts)} if compared.conflicts else {})
        made = _item(item, kind, values, sure, problems)
        made.recommendation_id = stands.id if stands else None
        made.is_taken = made.is_taken and not retired
        yield made
        if stands is not None and compared.conflicts:
            yield self._asked(item, said, compared, stands)
        yield from self._positions(item, stands)

    def _translation(
        self, match: Match, text: str, stands: Present, language: str, told: list[Problem]
    ) -> ImportItem:
        """A row in another language gives its text as a translation and nothing else: names of States and themes may
        be others in that language. One that stands here already is replaced only where a person says so."""
        row, before = match.item.row, self._languages.stands(stands.id, language)
        wanted, ref = self._languages.translation(language, text), stands.values["ref"]
        imported = self._imported.get(stands.id, {}).get(self._layout, {}).get(TRANSLATION)
        is_known = is_same("text", before["text"], text) or imported == wanted
        named = {"ref": ref, "language": language_name(language)}
        sentence = gettext(
            "This row is in another language (%(language)s) than the text of %(ref)s, which stays. Its text becomes the"
            " translation; nothing else of it is taken.",
            **named,
        )
        problems = [*told, Problem(row.place, sentence), *_retired(match.item, stands)]
        is_asked = len(problems) > 1
        if before["text"] and not is_known:
            sentence = gettext(
                "Another translation of %(ref)s stands here (%(language)s). Take the line only if that of the file is"
                " better.",
                **named,
            )
            problems.append(Problem(row.place, sentence))
            is_asked = True
        kind = ItemKind.UNCHANGED if is_known else ItemKind.DOUBTFUL if is_asked else ItemKind.CHANGED
        changes = {} if is_known else {TRANSLATION: (before, wanted)}
        made = _item(match.item, kind, {TRANSLATION: wanted}, changes, [] if is_known else problems)
        made.recommendation_id, made.is_taken = stands.id, kind == ItemKind.CHANGED
        return made

    def _other_text(self, match: Match, said: Values, stands: Present, told: list[Problem]) -> ImportItem:
        """All of the row is one question: its States and themes are those of its text."""
        item, changes = match.item, self._compare(said, stands, match.of_others).changes
        sentence = gettext(
            "%(ref)s stands here with another text, so nothing of this row was taken. Take the line only if the file"
            " corrects that text; if it is another recommendation, correct its number in the file.",
            ref=stands.values["ref"],
        )
        problems = [*told, Problem(item.row.place, sentence), *_retired(item, stands)]
        made = _item(item, ItemKind.DOUBTFUL if changes else ItemKind.UNCHANGED, said, changes, problems)
        made.recommendation_id, made.is_taken = stands.id, False
        return made

    def _positions(self, item: Item, stands: Present | None) -> Iterator[ImportItem]:
        """A line for each position that the rows say, where they say several and nobody chose one of them before."""
        before = stands.values["position"] if stands else None
        remembered = self._imported.get(stands.id, {}).get(self._layout, {}) if stands else {}
        if before in item.positions and remembered.get("position") == before:
            return
        for position in item.positions:
            if position == before:
                continue
            place = next(row.place for row in item.rows if row.position is position)
            sentence = gettext(
                "The file says different positions of this recommendation, here “%(position)s”. Take this line if the"
                " report says so, and leave the others.",
                position=position.label,
            )
            changes = {"position": (before, position.value)}
            asked = _item(
                item, ItemKind.DOUBTFUL, {"position": position.value}, changes, [Problem(place, sentence)]
            )
            asked.place, asked.is_taken = place, False
            if stands is None:
                asked.values = {**asked.values, OF_NEW: item.row.place}
            else:
                asked.recommendation_id = stands.id
            yield asked

    def _asked(self, item: Item, said: Values, compared: Comparison, stands: Present) -> ImportItem:
        unsure = {field: compared.changes[field] for field in said if field in compared.conflicts}
        problems = [self._conflict(field, pair, item.row.place, stands) for field, pair in unsure.items()]
        values = {field: said[field] for field in unsure}
        asked = _item(item, ItemKind.DOUBTFUL, values, unsure, problems)
        asked.recommendation_id, asked.is_taken = stands.id, False
        return asked

    def _compare(self, said: Values, stands: Present | None, of_others: Sequence[str]) -> Comparison:
        if stands is None:
            return Comparison({}, frozenset())
        remembered = self._imported.get(stands.id, {})
        elsewhere = [values for layout, values in remembered.items() if layout != self._layout]
        return compare(said, stands.values, remembered.get(self._layout, {}), elsewhere, of_others)

    def _number_taken(self, item: Item, said: Values, stands: Present | None) -> list[Problem]:
        """Two recommendations never get one number: the later one keeps what it has, or gets one of ours. Nor does one
        get the number that another had while the review was public."""
        ref, own = said.get("ref"), stands.id if stands else _NEW
        if ref is None:
            return []
        former_owner = self._former_refs.get(fold_ref(ref), own)
        if ref not in self._refs and former_owner != own:
            del said["ref"]
            sentence = gettext(
                "%(ref)s was the number of %(now)s, and whoever cited it means that one: this recommendation gets none."
                " Compare both with the report.",
                ref=ref,
                now=self._present[former_owner].values["ref"],
            )
            return [Problem(item.row.place, sentence)]
        is_free = ref not in self._refs
        if self._refs.setdefault(ref, own) == own and (is_free or own != _NEW):
            return []
        del said["ref"]
        sentence = gettext(
            "%(ref)s is the number of another recommendation, too: this one gets none. Compare both with the report.",
            ref=ref,
        )
        return [Problem(item.row.place, sentence)]

    def _conflict(self, field: str, pair: tuple[Any, Any], place: str, stands: Present) -> Problem:
        named = {
            "field": label_of(field),
            "before": words_of(field, pair[0]),
            "wanted": words_of(field, pair[1]),
        }
        remembered = self._imported.get(stands.id, {})
        if field == "position":
            sentence = gettext(
                "%(field)s: here stands “%(before)s”; the file says “%(wanted)s”. That of the adoption never changes:"
                " take the file's only where the other was a mistake.",
                **named,
            )
        elif any(values.get(field) == pair[0] for values in remembered.values()):
            sentence = gettext(
                "%(field)s: here stands “%(before)s”, which another file says; this file says “%(wanted)s”. Take this"
                " file's or leave it.",
                **named,
            )
        else:
            sentence = gettext(
                "%(field)s: here stands “%(before)s”, which a person entered; the file says “%(wanted)s”. Take the"
                " file's or leave it.",
                **named,
            )
        return Problem(place, sentence)


def _nearness(each: Present, said: Values) -> tuple[bool, bool, bool, int]:
    """Of several that stand here for one of the file: the one of the same number, then one that is not retired, then
    one with a number."""
    ref = each.values["ref"]
    return ref != said.get("ref"), each.retired_at is not None, is_without_number(ref), each.id


def _kind(
    item: Item, problems: Sequence[Problem], changes: dict[str, Any], stands: Present | None
) -> ItemKind:
    """What was read before and changes nothing is not shown as doubtful again."""
    if stands is not None and not changes:
        return ItemKind.UNCHANGED
    if item.is_doubtful or problems:
        return ItemKind.DOUBTFUL
    return ItemKind.CHANGED if stands else ItemKind.NEW


def _item(
    item: Item, kind: ItemKind, values: Values, changes: dict[str, Any], problems: Sequence[Problem]
) -> ImportItem:
    return ImportItem(
        place=item.row.place,
        ref=item.row.ref,
        kind=kind,
        values=values,
        changes={field: list(pair) for field, pair in changes.items()},
        problems=[[problem.place, problem.sentence] for problem in problems],
        is_taken=kind != ItemKind.UNCHANGED,
    )


def _retired(item: Item, stands: Present | None) -> list[Problem]:
    """No file changes silently what a person retired."""
    if stands is None or stands.retired_at is None:
        return []
    sentence = gettext(
        "%(ref)s was retired on %(day)s, so nothing of this row is taken. Take it only if the page of the retired"
        " recommendation is to say this all the same.",
        ref=stands.values["ref"],
        day=long_date(stands.retired_at),
    )
    return [Problem(item.row.place, sentence)]


def _parted(item: Item, standing: Sequence[Present]) -> list[Problem]:
    standing = [each for each in standing if each.retired_at is None]
    if len(standing) < 2:
        return []
    sentence = gettext(
        "%(refs)s stand here for this one recommendation, because another file had parted it. The first of them gets"
        " what this file says; retire the others on their pages.",
        refs=", ".join(each.values["ref"] for each in standing),
    )
    return [Problem(item.row.place, sentence)]


def _without_text(item: Item) -> Problem:
    sentence = gettext(
        "There is no recommendation %(ref)s here. Import its text first.", ref=item.row.ref or "–"
    )
    return Problem(item.row.place, sentence, Weight.REFUSED)


def not_read(place: str, ref: str | None, problems: Sequence[Problem]) -> ImportItem:
    """A row that gave no recommendation, or something that is wrong with the file as a whole."""
    is_refused = any(problem.weight == Weight.REFUSED for problem in problems)
    return ImportItem(
        place=place,
        ref=ref,
        kind=ItemKind.REFUSED if is_refused else ItemKind.DOUBTFUL,
        values={},
        changes={},
        problems=[[problem.place, problem.sentence] for problem in problems],
        is_taken=False,
    )
