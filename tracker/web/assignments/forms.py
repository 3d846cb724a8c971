"""The forms that assign one recommendation, and a table of many."""

from flask_wtf.file import FileField
from wtforms import RadioField
from wtforms.fields.choices import SelectChoice  # type: ignore[attr-defined]  # stubs of 3.2
from wtforms.validators import DataRequired

from tracker.language import lazy
from tracker.models.assignments import ASSIGNMENT_LABELS, AssignmentKind
from tracker.web.forms import AtMost, SeenForm, WordsAreaField
from tracker.web.organisation_fields import OrganisationField

LONGEST_TABLE = 200_000


class AssignForm(SeenForm):
    organisation = OrganisationField(
        lazy("Organisation"), validators=[DataRequired(lazy("Choose an organisation"))]
    )
    kind = RadioField(  # type: ignore[call-arg]  # the stubs are of 3.2
        lazy("What does it do?"),
        choices=[SelectChoice(code, lazy(label)) for code, label in ASSIGNMENT_LABELS.items()],
        default=AssignmentKind.LEAD.value,
        invalid_choice_message=lazy("Choose one of the two in the list"),
    )


class TableForm(SeenForm):
    cells = WordsAreaField(
        lazy("Cells from a spreadsheet"),
        [AtMost(LONGEST_TABLE)],
        description=lazy(
            "Three columns: number of the recommendation, organisation that leads, organisations that support. Several"
            " are divided by a semicolon."
        ),
    )
    file = FileField(
        lazy("Or a file"),
        description=lazy("Excel (.xlsx, .xls), OpenDocument (.ods) or CSV, with the same columns."),
    )
