"""How well the time of an answer tells two kinds of question apart, and what is left of it without its tokens."""

import re
from collections.abc import Callable, Sequence

from tests.lanes.security.served import ServedAnswer

Bare = tuple[int, tuple[tuple[str, str], ...], bytes]
TOKEN = re.compile(rb'name="csrf_token" type="hidden" value="[^"]+"|(?<=name="csrf_token" value=")[^"]+')
UNSTABLE = ("Date", "Set-Cookie")


def auc(one: Sequence[float], other: Sequence[float]) -> float:
    """The chance that one of the first is slower than one of the second: 0.5 tells nothing, 0 and 1 tell all."""
    wins = sum((a > b) + (a == b) / 2 for a in one for b in other)
    return wins / (len(one) * len(other))


def bare(answer: ServedAnswer, typed: str) -> Bare:
    """Status, headers and body without the token of the form and without what was asked, of the same length."""
    headers = tuple(sorted(pair for pair in answer.headers if pair[0] not in UNSTABLE))
    cookies = tuple(
        ("Set-Cookie", pair[1].partition("=")[0]) for pair in answer.headers if pair[0] == "Set-Cookie"
    )
    body = TOKEN.sub(b"token", answer.body).replace(typed.encode(), b"typed")
    return answer.status, headers + cookies, body


def interleaved(
    ask: Callable[[str], ServedAnswer], known: Sequence[str], unknown: Sequence[str]
) -> tuple[set[Bare], float]:
    """All different answers, and the AUC of time. The two take turns in being asked first."""
    seen: set[Bare] = set()
    seconds: tuple[list[float], list[float]] = ([], [])
    for number, pair in enumerate(zip(known, unknown, strict=True)):
        for which in (0, 1) if number % 2 else (1, 0):
            answer = ask(pair[which])
            seen.add(bare(answer, pair[which]))
            seconds[which].append(answer.seconds)
    return seen, auc(*seconds)
