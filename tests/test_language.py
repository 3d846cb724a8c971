"""Texts that are marked once and shown in the language of whoever reads."""

from markupsafe import escape

from tracker.language import PSEUDO, lazy, speaking


def test_a_marked_constant_follows_the_language_whenever_it_is_shown() -> None:
    label = lazy("Level <b>")
    assert str(label) == "Level <b>"
    with speaking(PSEUDO):
        assert str(label) == f"{label}" == "⟦Level <b>⟧"
        assert escape(label) == "⟦Level &lt;b&gt;⟧"
    assert str(label) == "Level <b>", "nothing is cached"


def test_wtforms_fills_in_the_placeholders_of_a_marked_constant() -> None:
    message = lazy("At most %(max)d files")
    with speaking(PSEUDO):
        assert message % {"max": 3} == "⟦At most 3 files⟧"
    assert message % {"max": 3} == "At most 3 files"
