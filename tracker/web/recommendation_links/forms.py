"""The form that links a recommendation to an earlier one, from a suggestion or by hand."""

from collections.abc import Sequence

from wtforms import HiddenField, SelectField
from wtforms.fields.choices import SelectChoice  # type: ignore[attr-defined]  # stubs of 3.2
from wtforms.validators import DataRequired

from tracker.language import gettext, lazy
from tracker.models.recommendation_links import LINK_LABELS, LinkKind
from tracker.web.forms import AtMost, Form, WordsField

LONGEST_REF = 40
KINDS = (LinkKind.REPEATS, LinkKind.SIMILAR, LinkKind.FOLLOWS_UP)
REFUSE = "refuse"
"""The value of the button that refuses a suggestion."""


class LinkForm(Form):
    """`back`: the page of the list of suggestions that the form stood on; empty where it was another page."""

    earlier_review = SelectField(  # type: ignore[call-arg]  # the stubs are of 3.2
        lazy("Earlier review"),
        invalid_choice_message=lazy("Choose one of the reviews in the list"),
    )
    earlier_ref = WordsField(
        lazy("Number of the recommendation there"),
        [
            DataRequired(lazy("Enter the number of the earlier recommendation, such as 76.12")),
            AtMost(LONGEST_REF),
        ],
        filters=[lambda value: (value or "").strip()],
    )
    kind = SelectField(  # type: ignore[call-arg]  # the stubs are of 3.2
        lazy("This recommendation"),
        choices=[SelectChoice(kind.value, lazy(LINK_LABELS[kind])) for kind in KINDS],
        invalid_choice_message=lazy("Choose how the two are linked"),
    )
    back = HiddenField()

    def offer(self, codes: Sequence[str]) -> None:
        self.earlier_review.choices = [SelectChoice(code, code) for code in codes]

    def say_not_found(self) -> None:
        sentence = gettext(
            "%(review)s has no recommendation with the number %(ref)s. Look it up in the list and enter it as it is"
            " printed there",
            review=self.earlier_review.data,
            ref=self.earlier_ref.data,
        )
        self.add_errors({"earlier_ref": sentence})
