"""What is said of a row in more than one layout."""

from tracker.language import gettext

_SHOWN = 80
"""Signs of a cell that a sentence repeats."""


def no_text() -> str:
    return gettext("This row holds no text of a recommendation, so it was not read.")


def no_state_under_review() -> str:
    return gettext("This row names no State under review, so it was not read.")


def unknown_states(names: tuple[str, ...]) -> str:
    return gettext(
        "“%(names)s” names no State that is known here. Say which State it is.",
        names=", ".join(names)[: 2 * _SHOWN],
    )


def unknown_position(cell: str) -> str:
    if not cell:
        return gettext("No position stands here.")
    return gettext("“%(cell)s” is no position that is known here: supported or noted.", cell=cell[:_SHOWN])


def unknown_date(cell: str) -> str:
    return gettext("“%(cell)s” is no date that can be read. Write it as 2026-11-20.", cell=cell[:_SHOWN])
