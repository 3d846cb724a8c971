"""An action point as its page shows it: the entries in columns, those that are folded, and who disagrees."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from tracker.language import TextIn, day_of, gettext
from tracker.level_words import level_word, voice_word
from tracker.models.action_points import ActionPoint
from tracker.models.levels import Disagreement, Voice
from tracker.models.recommendations import Recommendation
from tracker.queries.entries import Entry, EntryCounts
from tracker.queries.levels import PointLevels, Said
from tracker.queries.timelines import DatedLevel, Timeline
from tracker.queries.translations import Translation, text_of_point
from tracker.queries.wordings import EarlierWording
from tracker.web.time_pictures import LevelGiven


@dataclass(frozen=True)
class Extent:
    """How much of what was said a page shows on each point and on the whole: the newest entries of each organisation
    and, of all together, so many that do not count any more. Whoever publishes often would make the page of everybody
    longer; the page of all entries has the others. `is_open`: the details are open, to be printed."""

    newest_of_each: int
    most_earlier: int
    is_open: bool


ON_SCREEN = Extent(newest_of_each=3, most_earlier=20, is_open=False)
IN_PRINT = Extent(newest_of_each=20, most_earlier=100, is_open=True)
LEVELS_OF_EACH = 50
"""Levels of each organisation in the picture of a point."""


@dataclass(frozen=True)
class ShownPoint:
    """`current`: the entries that count; `earlier`: the newest of the others; `given`: the levels over time, for the
    picture; where that leaves some out, `most_given` is how many it has of each organisation, else None.
    `silent`: the voices without an entry, in words. `is_of_earlier`: the text is
    a translation of an earlier wording. `wordings`: by entry the text of the point when it was
    made, where that was another one."""

    recommendation: Recommendation
    ref: str
    text: TextIn
    is_of_earlier: bool
    formerly: str | None
    retired_at: object
    current: list[tuple[Said, Entry]]
    earlier: list[Entry]
    counts: EntryCounts | None
    given: list[LevelGiven]
    most_given: int | None
    silent: str
    disagreement: Disagreement | None
    sentence: str
    wordings: Mapping[UUID, EarlierWording]
    today: date
    is_open: bool

    @property
    def shown(self) -> int:
        return len(self.current) + len(self.earlier)

    @property
    def has_changed(self) -> bool:
        """Whether other levels were given than those that count: else the picture would show nothing new."""
        return len(self.given) > sum(1 for said, _ in self.current if said.level)


def show_point(
    recommendation: Recommendation,
    point: ActionPoint,
    entries: Sequence[Entry],
    counts: EntryCounts | None,
    levels: PointLevels | None,
    wordings: Mapping[UUID, EarlierWording],
    timeline: Timeline,
    today: date,
    extent: Extent,
    translation: Translation | None,
) -> ShownPoint:
    """`levels` is None for a point that is not followed up any more: nothing of it counts. `wordings` may be of more
    entries than those of the point."""
    current = pair_current(levels.said if levels else (), entries)
    counting = {entry.id for _, entry in current}
    spoken = {said.voice for said, _ in current}
    usual = [voice for voice in Voice if voice in (Voice.STATE, Voice.CIVIL_SOCIETY, Voice.NHRI)]
    silent = [voice_word(voice) for voice in usual if voice not in spoken] if levels else []
    return ShownPoint(
        recommendation=recommendation,
        ref=point.ref,
        text=text_of_point(point, recommendation.source.language, translation),
        is_of_earlier=translation is not None and point.id in translation.earlier_points,
        formerly=point.formerly,
        retired_at=point.retired_at,
        current=current,
        earlier=[entry for entry in entries if entry.id not in counting][: extent.most_earlier],
        counts=counts,
        given=[_given(level) for level in timeline.levels],
        most_given=LEVELS_OF_EACH if timeline.is_cut else None,
        silent=_first_letter_large(", ".join(silent)),
        disagreement=levels.disagreement if levels else None,
        sentence=sentence_of(levels) if levels else "",
        wordings=wordings,
        today=today,
        is_open=extent.is_open,
    )


def pair_current(said: Sequence[Said], entries: Sequence[Entry]) -> list[tuple[Said, Entry]]:
    """In the order of the voices."""
    by_id = {entry.id: entry for entry in entries}
    return [(each, by_id[each.entry_id]) for each in said]


def sentence_of(point: PointLevels) -> str:
    """“Contradict: the State says fully; Second Page Coalition says not implemented (1 of 2 organisations).” Empty
    where nobody disagrees."""
    state = point.of_state
    if state is None or state.level is None or point.disagreement in (None, Disagreement.AGREE):
        return ""
    said = [
        gettext(
            "%(organisation)s says %(level)s", organisation=each.organisation, level=level_word(each.level)
        )
        for each in point.disagreeing
        if each.level
    ]
    if len(point.compared) > 1:
        share = gettext(
            "%(number)s of %(total)s organisations", number=len(point.disagreeing), total=len(point.compared)
        )
        said[-1] = f"{said[-1]} ({share})"
    words = {"state": level_word(state.level), "others": "; ".join(said)}
    if point.disagreement == Disagreement.CONTRADICTS:
        return gettext("Contradict: the State says %(state)s; %(others)s.", **words)
    return gettext("Differ: the State says %(state)s; %(others)s.", **words)


def _given(level: DatedLevel) -> LevelGiven:
    """Of the State on the day of the fact, of others on that of publication."""
    on = day_of(level.as_of_on or level.published_at)
    return LevelGiven(level.voice, level.level, on, level.organisation, level.published_at, level.entry_id)


def _first_letter_large(text: str) -> str:
    return text[:1].upper() + text[1:]
