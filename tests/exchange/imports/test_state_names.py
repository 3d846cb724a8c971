"""States are found in every spelling of real files, and what is no State stays text."""

import pytest

from tests.exchange.imports.states import known_states
from tracker.exchange.imports.state_names import Clause, find_states, fold_name, split_states

STATES = known_states()


@pytest.mark.parametrize(
    ("spelling", "code"),
    [
        ("Côte d’Ivoire", "CIV"),
        ("Cote d'Ivoire", "CIV"),
        ("cotedivoire", "CIV"),
        ("Bolivia (Plurinational S tate of)", "BOL"),
        ("Bolivia (Plurinational State of", "BOL"),
        ("Plurinational State of Bolivia", "BOL"),
        ("Venezuela, Bolivarian Republic of", "VEN"),
        ("Bolivarian Republic of Venezuela", "VEN"),
        ("Islamic Republic of Iran", "IRN"),
        ("Netherlands (Kingdom of the)", "NLD"),
        ("The Gambia", "GMB"),
        ("Gambia (the)", "GMB"),
        ("Sierra Le one", "SLE"),
        ("St Vincent & the Grenadines", "VCT"),
        ("democraticrepublicofthecongo", "COD"),
        ("Guinea Bissau", "GNB"),
        ("kyrgysztan", "KGZ"),
        ("DPR Korea", "PRK"),
        ("Macedonia FYR", "MKD"),
        ("Republic of Congo", "COG"),
        ("Türkiye", "TUR"),
        ("Turkey", "TUR"),
        ("Кыргызстан", "KGZ"),
    ],
)
def test_a_spelling_names_its_state(spelling: str, code: str) -> None:
    assert STATES.get(fold_name(spelling)) == code


@pytest.mark.parametrize(
    ("text", "rest", "codes"),
    [
        ("Plant trees (Chile) (Gabon);", "Plant trees", ("CHL", "GAB")),
        ("Plant trees (Chile); (Gabon); ", "Plant trees", ("CHL", "GAB")),
        ("Plant trees (Chile, Gabon)", "Plant trees", ("CHL", "GAB")),
        ("Plant trees (Venezuela (Bolivarian Republic of));", "Plant trees", ("VEN",)),
        (
            "Plant trees (Chile, Venezuela (Bolivarian Republic of),Peru, Uruguay);",
            "Plant trees",
            ("CHL", "VEN", "PER", "URY"),
        ),
        ("Sign it (ICCPR-OP2) (Turkey);", "Sign it (ICCPR-OP2)", ("TUR",)),
        ("Sign it (ICRMW) (Iran (Islamic Republic of));", "Sign it (ICRMW)", ("IRN",)),
        ("Obey the law (Law 84 of 2002) (Togo).", "Obey the law (Law 84 of 2002)", ("TGO",)),
        ("Sign it (Palermo Protocol) (Togo)", "Sign it (Palermo Protocol)", ("TGO",)),
        ("Plant trees (Switzerland)3;", "Plant trees", ("CHE",)),
        ("Plant trees (Kuwait). );", "Plant trees", ("KWT",)),
        ("Plant trees (Bosnia and Herzegovina and Chile)", "Plant trees", ("BIH", "CHL")),
        ("Plant trees (Timor-Leste) (Guinea-Bissau);", "Plant trees", ("TLS", "GNB")),
        ("Plant trees (Bolivia (Plurinational State of", "Plant trees", ("BOL",)),
        ("Ask Hong Kong (China) to plant trees (Mali);", "Ask Hong Kong (China) to plant trees", ("MLI",)),
        ("Ratify the ILO convention (No. 29);", "Ratify the ILO convention (No. 29)", ()),
        ("Plant trees;", "Plant trees", ()),
    ],
)
def test_states_at_the_end_are_found_and_the_text_is_without_them(
    text: str, rest: str, codes: tuple[str, ...]
) -> None:
    found = find_states(text, STATES)
    assert (found.text, found.codes, found.unknown) == (rest, codes, ())


def test_clauses_with_states_of_their_own_stay_in_the_text() -> None:
    text = "Count birds (New Zealand); Feed birds, too (Uruguay) (Mali);"
    found = find_states(text, STATES)
    assert found.codes == ("NZL", "URY", "MLI")
    assert found.text == "Count birds (New Zealand); Feed birds, too (Uruguay) (Mali)"
    assert found.clauses == (Clause("Count birds", ("NZL",)), Clause("Feed birds, too", ("URY", "MLI")))


@pytest.mark.parametrize(
    ("text", "codes", "unknown"),
    [
        ("Plant trees (Zamunda);", (), ("Zamunda",)),
        ("Plant trees (Chile) (Azerbeijan);", ("CHL",), ("Azerbeijan",)),
        ("Plant trees (Chile, Zamunda);", ("CHL",), ("Zamunda",)),
        ("Plant trees (Zamunda); Feed birds (Chile);", ("CHL",), ("Zamunda",)),
    ],
)
def test_a_name_that_nobody_knows_is_given_back_as_spelled(
    text: str, codes: tuple[str, ...], unknown: tuple[str, ...]
) -> None:
    found = find_states(text, STATES)
    assert (found.codes, found.unknown) == (codes, unknown)


@pytest.mark.parametrize(
    ("cell", "codes", "unknown"),
    [
        ("Chile\nEstonia\nCzech Republic", ("CHL", "EST", "CZE"), ()),
        ("ChileEstoniaSloveniaTunisiaUruguay", ("CHL", "EST", "SVN", "TUN", "URY"), ()),
        ("Côte d’IvoireUnited KingdomGuinea-Bissau", ("CIV", "GBR", "GNB"), ()),
        ("NigerNigeriaNiger", ("NER", "NGA"), ()),
        ("- Chile - Timor-Leste - Guinea-Bissau", ("CHL", "TLS", "GNB"), ()),
        ("- South Sudan - Sudan", ("SSD", "SDN"), ()),
        ("<p>Chile</p><p>Peru&nbsp;</p>", ("CHL", "PER"), ()),
        ("Venezuela (Bolivarian Republic of),Peru; Uruguay", ("VEN", "PER", "URY"), ()),
        ("Iran, Islamic Republic of, Chile", ("IRN", "CHL"), ()),
        ("(Chile) (Peru)", ("CHL", "PER"), ()),
        ("Trinidad and Tobago, Chile and Peru", ("TTO", "CHL", "PER"), ()),
        ("&#40;Unknown&#41;", (), ("Unknown",)),
        ("Chile\nZamunda", ("CHL",), ("Zamunda",)),
        ("ChileZamunda", (), ("ChileZamunda",)),
        ("", (), ()),
        (" and ".join(["Zamunda"] * 3_000), (), (" and ".join(["Zamunda"] * 3_000),)),
    ],
)
def test_a_cell_of_states_is_split(cell: str, codes: tuple[str, ...], unknown: tuple[str, ...]) -> None:
    assert split_states(cell, STATES) == (codes, unknown)


def test_no_two_states_share_a_spelling() -> None:
    """An alias that folds to the name of another State would take its rows."""
    owners: dict[str, set[str]] = {}
    for name, code in (
        ("Niger", "NER"),
        ("Nigeria", "NGA"),
        ("Guinea", "GIN"),
        ("Dominica", "DMA"),
        ("Congo", "COG"),
    ):
        owners.setdefault(STATES[fold_name(name)], set()).add(code)
    assert all(codes == {code} for code, codes in owners.items())
    assert len(set(STATES.values())) == 195
