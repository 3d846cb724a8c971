"""Which organisation a name means: the same name in any writing, similar ones as suggestions only."""

import pytest

from tracker.exchange.imports.organisation_names import OrganisationNames, is_nhri

NAMES = OrganisationNames(
    {
        "kgz-justice": ("Ministry of Justice", "Министерство юстиции", "Юстиция министрлиги"),
        "kgz-labour": ("Ministry of Labour, Social Security and Migration", "Министерство труда", ""),
        "kgz-prosecutor": ("General Prosecutor's Office", "Генеральная прокуратура", ""),
        "kgz-a": ("Court", "Суд", ""),
        "kgz-b": ("Supreme Court", "Суд", ""),
    }
)


@pytest.mark.parametrize(
    "spelling",
    [
        "ministry of  JUSTICE",
        "Министерство юстиции",
        "Юстиция министрлиги",
        "kgz-justice",
        "«Ministry of Justice».",
    ],
)
def test_the_same_name_in_any_language_and_writing(spelling: str) -> None:
    assert NAMES.find(spelling) == "kgz-justice"


@pytest.mark.parametrize("spelling", ["Ministry of Justise", "Justice", "", "—"])
def test_nothing_else_is_a_match(spelling: str) -> None:
    assert NAMES.find(spelling) is None


def test_a_name_of_two_is_a_match_of_none() -> None:
    assert NAMES.find("Суд") is None
    assert set(NAMES.near("Суд")) == {"kgz-a", "kgz-b"}


@pytest.mark.parametrize(
    ("spelling", "key"),
    [
        ("Ministry of Justise", "kgz-justice"),
        ("Ministry of Labour, Social Welfare and Migration", "kgz-labour"),
        ("Prosecutor General’s Office", "kgz-prosecutor"),
    ],
)
def test_a_similar_name_is_suggested(spelling: str, key: str) -> None:
    assert NAMES.near(spelling)[0] == key


@pytest.mark.parametrize("spelling", ["Ministry of Finance", "Министерство финансов", "State Tax Service"])
def test_what_shares_only_generic_words_is_not(spelling: str) -> None:
    assert NAMES.near(spelling) == []


def test_a_human_rights_institution_is_told_by_its_name() -> None:
    for name in ("Akyikatchy (Ombudsperson) Institute", "National Human Rights Commission", "Омбудсмен"):
        assert is_nhri(name)
    assert not is_nhri("Coordination Council on Human Rights under the Cabinet of Ministers")
