"""The reader of the pseudo-language: it joins what is one sentence, and still finds each word that nobody marked."""

import html5lib
import pytest

from tests.web.pseudo import left_over, shown_texts

DATA = frozenset(
    {"ministry-of-labour", "Mid-term report (voluntary)", "Torture-prevention", "(on A12 and B3)"}
)


def _faults(page: str) -> set[str]:
    return {left_over(text, DATA) for text in shown_texts(html5lib.parse(page))} - {""}


@pytest.mark.parametrize(
    "page",
    [
        '<h1>⟦End the account of <span class="username">ministry-of-labour</span>⟧</h1>',
        '<h1>⟦Recommendations⟧ <span class="muted">UPR-4</span></h1>',
        "<p>⟦The account of <strong>ministry-of-labour</strong> ends⟧</p>",
        "<p><strong>⟦Returned⟧</strong><!-- a comment --> ⟦today⟧</p>",
        "<td><strong>Mid-term report (voluntary).</strong></td>",
        "<td>⟦Calculated⟧: (on <a>A12</a> and <a>B3</a>)</td>",
        "<svg><text><tspan>Mid-term report</tspan><tspan>(voluntary)</tspan> <tspan>⟦due⟧</tspan></text></svg>",
        "<svg><text><tspan>Torture-</tspan><tspan>prevention</tspan></text></svg>",
    ],
)
def test_marked_words_and_data_leave_nothing_over(page: str) -> None:
    assert not _faults(page)


@pytest.mark.parametrize(
    "page",
    [
        '<h1>Forgotten <span class="username">ministry-of-labour</span></h1>',
        '<h1>⟦End the account of <span class="username">Forgotten</span>⟧</h1>',
        '<h1>⟦End the account of <span class="username">ministry-of-labour</span>⟧ Forgotten</h1>',
        '<h1>⟦Recommendations⟧ <span class="muted">Forgotten</span></h1>',
        '<h1>⟦Recommendations⟧ <span title="Forgotten">UPR-4</span></h1>',
        "<h1>⟦Recommendations⟧ <a>Forgotten</a></h1>",
        "<h1>⟦Recommendations⟧ <span><em>Forgotten</em></span></h1>",
        "<p>⟦The account⟧ <strong>Forgotten</strong></p>",
        "<p>⟦The account of <strong>Forgotten</strong> ends⟧</p>",
        "<p><strong>⟦Returned⟧</strong> Forgotten</p>",
        "<p>⟦Returned⟧<!-- a comment --> Forgotten</p>",
        "<p><code>a command</code> Forgotten</p>",
        "<td><strong>Mid-term report (Forgotten).</strong></td>",
        "<td>⟦Calculated⟧: (on <a>A12</a> Forgotten <a>B3</a>)</td>",
        "<svg><text><tspan>Mid-term report</tspan><tspan>Forgotten</tspan></text></svg>",
        "<svg><text><tspan>⟦due⟧</tspan> Forgotten</text></svg>",
        '<svg><text><tspan aria-label="Forgotten">⟦due⟧</tspan></text></svg>',
        '<input type="submit" value="Forgotten">',
    ],
)
def test_an_unmarked_word_is_found(page: str) -> None:
    assert any("Forgotten" in fault for fault in _faults(page))
