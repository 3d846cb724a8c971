"""The form of an assessment. It is published in one sitting: nothing unpublished is stored."""

from tracker.language import lazy
from tracker.services.assessments import AssessmentText
from tracker.web.forms import Form, LevelField, language, link, long_text


class AssessmentForm(Form):
    level = LevelField(lazy("Level of implementation, as your organisation sees it"))
    reason = long_text(
        lazy("Why this level?"), lazy("One or two sentences. They are shown beside the level.")
    )
    narrative = long_text(
        lazy("What did you observe?"),
        lazy("Do not name victims, witnesses or staff: everybody can read this, and copies remain."),
    )
    source_link = link(
        lazy("Link to a public source"), lazy("Leave empty if there is none that is safe to show.")
    )
    language = language()

    def text(self) -> AssessmentText:
        return AssessmentText(
            level=self.level.data,
            reason=self.reason.data or "",
            narrative=self.narrative.data or "",
            source_link=self.source_link.data or "",
            language=self.language.data,
        )
