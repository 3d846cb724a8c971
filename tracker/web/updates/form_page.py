"""The page with the form of an update: made, checked, shown, and shown again with what a colleague has saved."""

from collections.abc import Sequence
from typing import NamedTuple

from flask import render_template

from tracker import clock
from tracker.exchange.evidence import TakenFile
from tracker.language import TextIn, day_of, gettext, own_language
from tracker.models.action_points import ActionPoint
from tracker.models.assignments import AssignmentKind
from tracker.models.updates import ProgressUpdate, UpdateState
from tracker.policy.updates import can_edit_update
from tracker.queries import evidence
from tracker.queries import updates as queries
from tracker.queries.assigned_points import find_next_point, list_assigned_recommendations
from tracker.queries.last_entries import get_last_entries
from tracker.queries.translations import get_answered
from tracker.queries.wordings import find_rewording
from tracker.services.evidence.attachments import Upload, are_files_of, holds_files
from tracker.services.updates.texts import (
    TEXT_FIELDS,
    WRITTEN_FIELDS,
    UpdateText,
    as_assigned,
    incomplete,
    text_of,
)
from tracker.web.access import actor
from tracker.web.forms import definitions
from tracker.web.given_back import list_typed
from tracker.web.transactions import session
from tracker.web.updates.forms import UpdateForm, digests_of


def make_form(kind: AssignmentKind | None, **values: object) -> UpdateForm:
    """The form, with the words for a leading or for a supporting organisation."""
    form = UpdateForm(**values)
    if kind != AssignmentKind.LEAD:
        form.ask_no_level()
    return form


def form_values(update: ProgressUpdate) -> dict[str, object]:
    """The values of the form when an update is opened."""
    text = text_of(update)
    return {**text.__dict__, "version": update.version, "read": digests_of(text)}


def values_of_last_entry(point: ActionPoint) -> dict[str, object]:
    """The values of a new form that starts from the organisation's last published entry: all but the day up to which it
    is true. Nothing where there is none."""
    entry = get_last_entries(session(), actor(), point).own
    if entry is None:
        return {}
    same = (
        "level",
        "reason",
        "obstacles",
        "support_needed",
        "next_step",
        "next_step_on",
        "source_link",
        "language",
    )
    return {**{name: getattr(entry, name) for name in same}, "done": entry.text}


def is_valid(form: UpdateForm, kind: AssignmentKind | None, update: ProgressUpdate | None = None) -> bool:
    """Is every field valid? A form that is to be submitted also gets a sentence for each missing text, all at once."""
    if form.validate():
        return True
    if form.submits:
        needs_level = kind == AssignmentKind.LEAD
        has_files = bool(form.files.data or (update and update.has_files))
        missing = incomplete(form.text(), needs_level=needs_level, has_files=has_files, now=clock.now())
        form.add_errors({name: sentence for name, sentence in missing.items() if not form[name].errors})
    return False


def form_page(
    template: str,
    form: UpdateForm,
    point: ActionPoint,
    kind: AssignmentKind | None,
    update: ProgressUpdate | None = None,
    theirs: list["Difference"] | None = None,
    *,
    is_second: bool = False,
) -> str:
    """Browsers do not choose a file again by themselves: a form that comes back asks for it."""
    form.show(point.text)
    if update is not None:
        form.remove.offer(evidence.list_evidence(session(), actor(), update))
    comes_back = form.errors or theirs is not None or form.language_questions
    asks_again = comes_back and not form.is_closed
    if form.files.data and not form.files.errors and asks_again:
        again = gettext("Choose the files again: they were not kept")
        form.add_errors({"files": again})
    code, entries = point.recommendation.review.code, get_last_entries(session(), actor(), point)
    assigned = list_assigned_recommendations(session(), actor())
    in_row = [each for each in assigned if (each.review, each.ref) == (code, point.recommendation.ref)]
    following = find_next_point(assigned, code, point.id)
    return render_template(
        template,
        form=form,
        point=point,
        about=about(point),
        points=in_row[0].points if in_row else [],
        next_point=following[1] if following else None,
        last=entries.own,
        others=entries.others,
        today=day_of(clock.now()),
        asks_level=kind == AssignmentKind.LEAD,
        update=update,
        rewording=find_rewording(session(), update) if update else None,
        theirs=theirs,
        is_second=is_second,
        definitions=definitions(),
    )


def about(point: ActionPoint) -> TextIn:
    """The text that an update answers, as the reader reads it."""
    return get_answered(session(), actor(), point.recommendation, point)


def second_form_page(form: UpdateForm, first: ProgressUpdate, kind: AssignmentKind | None) -> str:
    """For a second update while the first one is open: the form of the first one, with both texts. What was left empty
    takes the text of the first one. Where the first one is being checked, nothing can be saved."""
    context = queries.get_workflow_context(session(), first)
    if not can_edit_update(actor(), first, assigned=context.is_assigned):
        return not_saved_page(form, first, is_second=True)
    theirs = text_of(first)
    form.read.data = digests_of(UpdateText(language=own_language()))
    form.merge(theirs, first.version)
    return form_page(
        "updates/change.html",
        form,
        first.action_point,
        kind,
        update=first,
        theirs=list_differences(form, theirs),
        is_second=True,
    )


def not_saved_page(form: UpdateForm, update: ProgressUpdate, *, is_second: bool = False) -> str:
    """What was typed, to be copied, where the update takes nothing any more."""
    return render_template(
        "updates/not_saved.html",
        update=update,
        point=update.action_point,
        typed=list_typed(form),
        has_files=bool(form.files.data),
        is_second=is_second,
    )


def is_sent_again(
    form: UpdateForm, first: ProgressUpdate, kind: AssignmentKind | None, uploads: Sequence[Upload]
) -> bool:
    """Is a second update the first one, sent twice? A browser that goes back may have forgotten the files."""
    files = [each.checked for each in uploads if isinstance(each.checked, TakenFile)]
    if len(files) < len(uploads) or as_assigned(form.text(), kind) != text_of(first):
        return False
    if not files:
        return True
    for_same_readers = holds_files(session(), first, files, form.chosen_visibility())
    return for_same_readers and are_files_of(session(), first, files)


def is_saved_already(
    form: UpdateForm, update: ProgressUpdate, kind: AssignmentKind | None, uploads: Sequence[Upload]
) -> bool:
    """Has the person sent this form of a stored update before? Then the update holds its texts and files, it stands
    where its button would bring it, and nobody else of its writers has touched it since."""
    is_open = update.state in (UpdateState.DRAFT, UpdateState.RETURNED)
    if form.errors or form.submits == is_open or as_assigned(form.text(), kind) != text_of(update):
        return False
    return _files_are_stored(form, update, uploads) and queries.was_written_by(session(), actor(), update)


def _files_are_stored(form: UpdateForm, update: ProgressUpdate, uploads: Sequence[Upload]) -> bool:
    """What was attached is there, for the same readers, and what was to be removed is not."""
    files = [each.checked for each in uploads if isinstance(each.checked, TakenFile)]
    stored = {file.id for file in evidence.list_evidence(session(), actor(), update)}
    if len(files) < len(uploads) or form.remove.chosen() & stored:
        return False
    return not files or holds_files(session(), update, files, form.chosen_visibility())


class Difference(NamedTuple):
    """A field where the stored value and the typed one differ. The languages are those of texts; days, levels and links
    have none."""

    label: str
    stored: str
    typed: str
    stored_language: str
    typed_language: str


def list_differences(form: UpdateForm, theirs: UpdateText) -> list[Difference]:
    differences = []
    for name in TEXT_FIELDS:
        field, stored = form[name], getattr(theirs, name)
        mine = field.raw_data[0] if field.errors and field.raw_data else field.data
        if (mine or "") != (stored or ""):
            languages = (theirs.language, form.language.data) if name in WRITTEN_FIELDS else ("", "")
            differences.append(Difference(str(field.label.text), _shown(stored), _shown(mine), *languages))
    return differences


def _shown(value: object) -> str:
    return str(getattr(value, "label", value) or "")
