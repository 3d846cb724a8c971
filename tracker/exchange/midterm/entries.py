"""The words of an entry, as Report and Matrix show them: who signs it, in which language it is, what it says."""

from typing import NamedTuple

from tracker.exchange.cells import set_apart
from tracker.language import current, gettext, short_date
from tracker.models.levels import Voice
from tracker.queries.levels import Said
from tracker.queries.midterm import ReportEntry, ReportPoint


class Paragraph(NamedTuple):
    """`label` is ours, `text` somebody's own words."""

    label: str
    text: str


def signature(entry: ReportEntry) -> str:
    """The organisation; of the national human rights institution on itself it says so."""
    name = set_apart(entry.organisation)
    if entry.is_self_assessment:
        return gettext("%(organisation)s (self-assessment)", organisation=name)
    return name


def voice_and_day(entry: ReportEntry) -> str:
    """“State, situation on 1 Oct 2026”, or the day of publication."""
    if entry.voice == Voice.STATE and entry.as_of_on:
        return gettext(
            "%(voice)s, situation on %(day)s", voice=entry.voice.label, day=short_date(entry.as_of_on)
        )
    return gettext("%(voice)s, %(day)s", voice=entry.voice.label, day=short_date(entry.published_on))


def in_its_language(entry: ReportEntry, text: str) -> str:
    """Marked with its language, “[ru] …”, where that is not the workbook's."""
    if not text or not entry.language or entry.language == current():
        return text
    return f"[{entry.language}] {text}"


def list_paragraphs(entry: ReportEntry) -> list[Paragraph]:
    """Of the State: reason, what was done and the next step with its day; of others the reason for their level. Last
    the wording of the point, or of the recommendation, when the entry was made, where it was another one."""
    paragraphs = [Paragraph("", entry.reason)]
    if entry.voice == Voice.STATE:
        paragraphs += [Paragraph(gettext("Done:"), entry.text), _next_step(entry)]
    filled = [paragraph for paragraph in paragraphs if paragraph.text]
    own_words = [
        Paragraph(paragraph.label, in_its_language(entry, paragraph.text) if number == 0 else paragraph.text)
        for number, paragraph in enumerate(filled)
    ]
    wording = earlier_wording(entry)
    return [*own_words, Paragraph(gettext("Said of an earlier wording:"), wording)] if wording else own_words


def earlier_wording(entry: ReportEntry) -> str:
    """What the point, or the recommendation, said when the entry was made, in one line within quotation marks; empty
    where it says the same now."""
    text = " ".join(entry.earlier_wording.split())
    return gettext("“%(text)s”", text=text) if text else ""


def _next_step(entry: ReportEntry) -> Paragraph:
    if entry.next_step_on is None:
        return Paragraph(gettext("Next step:"), entry.next_step)
    day = short_date(entry.next_step_on)
    return Paragraph(gettext("Next step by %(day)s:", day=day), entry.next_step or "–")


def who_disagrees(point: ReportPoint) -> str:
    """“1 of 2 organisations: Second Page Coalition”: those that contradict, else those that differ; of an agreement
    all."""
    levels = point.levels
    named = [each for each in levels.compared if each.disagreement == levels.disagreement]
    return _who(named, len(levels.compared))


def disagreement_with_who(point: ReportPoint) -> str:
    """“Contradict, 1 of 2 organisations: Second Page Coalition”; empty where there is nothing to compare."""
    found = point.levels.disagreement
    return f"{found.label}, {who_disagrees(point)}" if found else ""


def _who(named: list[Said], total: int) -> str:
    return gettext(
        "%(number)s of %(total)s organisations: %(names)s",
        number=len(named),
        total=total,
        names=", ".join(set_apart(each.organisation) for each in named),
    )
