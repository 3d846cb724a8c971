"""XML is changed where a rule says so, and nowhere else."""

from collections.abc import Collection

import pytest

from tracker.exchange.cleaning.refusals import DAMAGED, HIDDEN, Refusal
from tracker.exchange.cleaning.xml_parts import Attributes, Name, Rules, rewrite


class Example(Rules):
    def concerns(self, name: Name, attributes: Collection[Name]) -> bool:
        return name.local == "gone" or any(key.local == "secret" for key in attributes)

    def start(self, name: Name, attributes: Attributes) -> bool:
        for key in [*attributes]:
            if key.local == "secret":
                attributes[key] = 'none & "quoted"'
        return name.local != "gone"

    def reads_text(self, name: Name) -> bool:
        return name.local == "told"

    def text(self, _name: Name, text: str) -> str:
        return f"<{len(text)}>" if text else ""


def changed(text: str) -> str:
    return rewrite(text.encode(), Example("part.xml")).decode()


@pytest.mark.parametrize(
    ("given", "expected"),
    [
        ("<a b='1'  >x &amp; y</a >", "<a b='1'  >x &amp; y</a >"),
        ("<a><![CDATA[<gone/>]]></a>", "<a><![CDATA[<gone/>]]></a>"),
        ("<a><gone/>x<gone></gone>y<gone><b><gone/></b>t</gone >z</a>", "<a>xyz</a>"),
        ("<a><!-- by --><gone><!-- b --></gone><?pi x?>z</a>", "<a>z</a>"),
        ("<a secret='>' b=\"/>\"/>", '<a secret="none &amp; &quot;quoted&quot;" b="/&gt;"/>'),
        (
            '<p:a xmlns:p="n" p:secret="1"><p:b/></p:a>',
            '<p:a xmlns:p="n" p:secret="none &amp; &quot;quoted&quot;"><p:b/></p:a>',
        ),
        ('<a xmlns="n" secret="1">t</a>', '<a xmlns="n" secret="none &amp; &quot;quoted&quot;">t</a>'),
        (
            "<a><told>ab&#99;</told><told/><told></told>x</a>",
            "<a><told>&lt;3&gt;</told><told/><told></told>x</a>",
        ),
        ("<a>Чуй<gone>Ош</gone>Ү</a>", "<a>ЧуйҮ</a>"),
        ("\ufeff<a><gone/></a>", "<a></a>"),
    ],
)
def test_only_what_a_rule_says_is_changed(given: str, expected: str) -> None:
    assert changed(given) == expected


@pytest.mark.parametrize("encoding", ["utf-16", "windows-1251", "utf-8"])
def test_every_alphabet_is_read_and_utf8_is_written(encoding: str) -> None:
    said = f'<?xml version="1.0" encoding="{encoding}"?><a>Чуй<gone>Ош</gone></a>'.encode(encoding)
    assert rewrite(said, Example("part.xml")).decode().endswith("<a>Чуй</a>")


@pytest.mark.parametrize(
    ("given", "why"),
    [
        ("<a>", DAMAGED),
        ("<a></b>", DAMAGED),
        ("", DAMAGED),
        ("<a>&unknown;</a>", DAMAGED),
        ("<!DOCTYPE a><a/>", HIDDEN),
        ("<!DOCTYPE a SYSTEM 'https://evil.example/'><a/>", HIDDEN),
        ("<a><told>x<b/></told></a>", HIDDEN),
        ('<?xml version="1.0" encoding="rot13"?><a/>', DAMAGED),
    ],
)
def test_what_is_no_plain_xml_is_refused(given: str, why: str) -> None:
    with pytest.raises(Refusal) as refused:
        changed(given)
    assert refused.value.message == why
