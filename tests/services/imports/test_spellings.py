"""What a person said that a name of a State means is remembered for the reviews of the own State alone."""

import pytest
from sqlalchemy.orm import Session

from tests.cast import NOW
from tests.services.imports.files import COLUMNS, items_of, matrix, open_empty, preview, table, upr_info
from tracker.failures import BadInput
from tracker.models.imports import UNKNOWN_STATES, Import
from tracker.models.states import State
from tracker.policy.actors import SYSTEM
from tracker.queries.imports import list_explained_states
from tracker.services.imports.uploads import name_state

pytestmark = pytest.mark.database
ROWS = (("140.1", "Plant a tree in each street of the capital", "Ruritania", "Noted", ""),)


def read(session: Session, review: str) -> Import:
    return preview(session, SYSTEM, open_empty(session, review), table(ROWS), *COLUMNS)


def said(session: Session, review: str) -> tuple[list[str] | None, list[str] | None]:
    """The States that a preview of the file names, and the names that it does not know."""
    [item] = items_of(session, read(session, review))
    return item.values.get("states"), item.values.get(UNKNOWN_STATES)


def test_each_state_says_for_itself_what_a_name_means(session: Session) -> None:
    name_state(session, SYSTEM, read(session, "KGZ-4"), "Ruritania", "MNG", NOW)
    session.flush()
    assert said(session, "KGZ-4") == said(session, "KGZ-5") == (["MNG"], None)
    assert said(session, "UZB-4") == (None, ["Ruritania"])
    name_state(session, SYSTEM, read(session, "UZB-4"), "Ruritania", "FJI", NOW)
    session.flush()
    assert said(session, "KGZ-4") == (["MNG"], None)
    assert said(session, "UZB-4") == (["FJI"], None)


LAYOUTS = {
    "a table": lambda: (table(ROWS), *COLUMNS),
    "a matrix": lambda: (matrix((("140.1 Plant a tree (Chile) (Ruritania)", "Noted", "- Trees", ""),)),),
    "UPR Info": lambda: (upr_info([("Plant a tree", "Ruritania", "Noted", "")]),),
}


@pytest.mark.parametrize("layout", LAYOUTS)
def test_a_preview_tells_which_names_are_read_as_somebody_chose(session: Session, layout: str) -> None:
    review = open_empty(session)
    asked = read(session, "KGZ-4")
    name_state(session, SYSTEM, asked, "Ruritania", "MNG", NOW)
    name_state(session, SYSTEM, asked, "Atlantis", "FJI", NOW)
    session.flush()
    assert list_explained_states(session, SYSTEM, asked) == []  # of when it was read
    content, *columns = LAYOUTS[layout]()
    [told] = list_explained_states(session, SYSTEM, preview(session, SYSTEM, review, content, *columns))
    assert (told.name, told.means, told.chosen_at) == ("Ruritania", "MNG", NOW)


def test_a_name_that_the_product_learns_means_what_the_product_says(session: Session) -> None:
    asked = read(session, "KGZ-4")
    name_state(session, SYSTEM, asked, "Ruritania", "MNG", NOW)
    fiji = session.get_one(State, "FJI")
    fiji.aliases = [*fiji.aliases, "Ruritania"]
    session.flush()
    assert said(session, "KGZ-4") == (["FJI"], None)
    assert list_explained_states(session, SYSTEM, read(session, "KGZ-4")) == []
    with pytest.raises(BadInput, match="is the name of a State already"):
        name_state(session, SYSTEM, asked, "Ruritania", "MNG", NOW)
