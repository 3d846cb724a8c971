"""What somebody with the database in hand can do to the lines of the history, past the application."""

import json
from collections.abc import Callable
from datetime import timedelta
from random import Random
from typing import Any

from sqlalchemy import Connection, delete, insert, null, select, update

from tracker.models.accounts import Account
from tracker.models.history import PURGING_VERBS, HistoryHead, HistoryLine
from tracker.models.history_chain import content_hash, line_hash

LINES, HEADS = HistoryLine.__table__, HistoryHead.__table__
COLUMNS = tuple(column.name for column in LINES.columns)
Tampering = Callable[[Connection, Random], str]
"""Does one random thing; gives words for it, so that one that is not noticed can be done again."""


def edit(connection: Connection, chance: Random) -> str:
    name, row = chance.choice(COLUMNS), any_row(connection, chance)
    value = other_value(connection, chance, name, row)
    change(connection, row.id, **{name: value})
    return f"{name} of line {row.id} is {value!r} now"


def edit_and_sign(connection: Connection, chance: Random) -> str:
    """With the hashes that a line of these words would have, which the one after it does not know."""
    row = any_row(connection, chance, but_last=1)
    said = {**row._mapping, "facts": other_facts(row), "after": {"said": "otherwise"}, "salt": "0" * 32}
    change(connection, row.id, **signed(said))
    return f"line {row.id} was written anew"


def remove(connection: Connection, chance: Random) -> str:
    row = any_row(connection, chance)
    connection.execute(delete(LINES).where(LINES.c.id == row.id))
    return f"line {row.id} was removed"


def remove_and_close_up(connection: Connection, chance: Random) -> str:
    """Not the newest: that is `cut_off`."""
    row = any_row(connection, chance, but_last=1)
    connection.execute(delete(LINES).where(LINES.c.id == row.id))
    move(connection, row.id + 1, -1)
    connection.execute(update(HEADS).values(number=HEADS.c.number - 1))
    return f"line {row.id} was removed, and the others moved up"


def add(connection: Connection, chance: Random) -> str:
    """A line in the midst, signed half of the time, with as many numbers as there are lines."""
    row = any_row(connection, chance)
    move(connection, row.id, 1)
    forged = {
        **row._mapping,
        "facts": other_facts(row),
        "hash": f"{chance.getrandbits(256):064x}",
    }
    is_signed = chance.random() < 0.5
    connection.execute(insert(LINES), filled(signed(forged) if is_signed else forged))
    connection.execute(update(HEADS).values(number=HEADS.c.number + 1))
    return f"a line was put in before line {row.id}{', signed' * is_signed}"


def add_at_the_end(connection: Connection, chance: Random) -> str:
    row = newest(connection)
    forged = {**row._mapping, "id": row.id + 1, "previous_hash": row.hash, "verb": "agree"}
    connection.execute(insert(LINES), filled(signed(forged)))
    return "a signed line was put after the newest"


def swap(connection: Connection, chance: Random) -> str:
    one, two = any_row(connection, chance), any_row(connection, chance)
    while two.id == one.id:
        two = any_row(connection, chance)
    for before, after in ((one.id, -1), (two.id, one.id), (-1, two.id)):
        change(connection, before, id=after)
    return f"lines {one.id} and {two.id} changed places"


def swap_words(connection: Connection, chance: Random) -> str:
    one, two = any_row(connection, chance), any_row(connection, chance)
    while (two.facts, two.subject) == (one.facts, one.subject):
        two = any_row(connection, chance)
    change(connection, one.id, facts=two.facts, subject=two.subject)
    change(connection, two.id, facts=one.facts, subject=one.subject)
    return f"lines {one.id} and {two.id} changed their words"


def empty(connection: Connection, chance: Random) -> str:
    """As if the texts had been purged, though nobody discarded anything."""
    gone = select(LINES.c.subject).where(LINES.c.verb.in_(PURGING_VERBS))
    row = chance.choice(connection.execute(select(LINES).where(LINES.c.subject.not_in(gone))).all())
    change(connection, row.id, before=None, after=None, salt=None)
    return f"line {row.id} was emptied"


def cut_off(connection: Connection, chance: Random) -> str:
    """The newest lines, and the count of lines with them: only who noted a hash can tell."""
    left = chance.randrange(1, newest(connection).id)
    connection.execute(delete(LINES).where(LINES.c.id > left))
    connection.execute(update(HEADS).values(number=left))
    return f"lines after {left} were cut off"


def write_all_anew(connection: Connection, chance: Random) -> str:
    """From one line to the newest, every hash made again: only who noted one can tell."""
    start = any_row(connection, chance).id
    previous = None
    for row in connection.execute(select(LINES).where(LINES.c.id >= start).order_by(LINES.c.id)).all():
        said = {**row._mapping, "previous_hash": previous or row.previous_hash}
        said["facts"] = other_facts(row) if previous is None else row.facts
        values = signed(said)
        change(connection, row.id, **values)
        previous = values["hash"]
    return f"all lines from {start} on were written anew"


TAMPERINGS: tuple[Tampering, ...] = (
    edit,
    edit,
    edit,
    edit_and_sign,
    remove,
    remove_and_close_up,
    add,
    add_at_the_end,
    swap,
    swap_words,
    empty,
)
UNSEEN_WITHOUT_A_NOTE: tuple[Tampering, ...] = (cut_off, write_all_anew)


def newest(connection: Connection) -> Any:
    return connection.execute(select(LINES).order_by(LINES.c.id.desc()).limit(1)).one()


def any_row(connection: Connection, chance: Random, but_last: int = 0) -> Any:
    number = chance.randrange(1, newest(connection).id + 1 - but_last)
    return connection.execute(select(LINES).where(LINES.c.id == number)).one()


def change(connection: Connection, number: int, **values: Any) -> None:
    connection.execute(update(LINES).where(LINES.c.id == number).values(**filled(values)))


def move(connection: Connection, start: int, by: int) -> None:
    """The numbers of all lines from `start` on, past each other: first below zero, then back."""
    connection.execute(update(LINES).where(LINES.c.id >= start).values(id=-(LINES.c.id + by)))
    connection.execute(update(LINES).where(LINES.c.id < 0).values(id=-LINES.c.id))


def signed(said: dict[str, Any]) -> dict[str, Any]:
    """With both hashes as the application would make them."""
    salt = said["salt"] or "0" * 32
    content = content_hash(salt, said["before"], said["after"])
    whole = {**said, "salt": salt, "content_hash": content}
    return {**whole, "hash": line_hash(whole, said["format"])}


def other_facts(row: Any) -> dict[str, Any]:
    return {**row.facts, "who": "nobody"}


def filled(values: dict[str, Any]) -> dict[str, Any]:
    """A text that is not there is NULL, not the JSON of nothing."""
    is_text = ("before", "after", "facts")
    return {name: null() if value is None and name in is_text else value for name, value in values.items()}


def other_value(connection: Connection, chance: Random, name: str, row: Any) -> Any:
    """Another value that the column takes."""
    old = getattr(row, name)
    if name == "id":
        return chance.choice([-row.id, 0, newest(connection).id + chance.randrange(1, 50)])
    if name == "at":
        return old + timedelta(microseconds=chance.choice([-1, 1, 86_400_000_000]))
    if name == "account_id":
        others = connection.scalars(select(Account.id).where(Account.id != (old or row.id))) if old else []
        return (
            chance.choice([None, *others])
            if old
            else connection.scalar(select(Account.id).order_by(Account.id).limit(1))
        )
    if name == "is_public":
        return not old
    if name == "format":
        return chance.choice([0, 1, 3, -2])
    if name == "facts":
        return chance.choice([None, {}, other_facts(row)])
    if name == "sentence":
        return chance.choice(["", "coordinator agreed"])
    if name == "state_code":
        return "FJI" if old != "FJI" else None
    if name in ("before", "after"):
        return chance.choice(
            [{"state": "otherwise"}, {**(old or {}), "level": None, "n": json.dumps(row.id)}]
        )
    if name == "salt":
        return chance.choice([None, "0" * 32]) if old else "0" * 32
    if name.endswith("hash"):
        place = chance.randrange(len(old))
        return old[:place] + ("0" if old[place] != "0" else "1") + old[place + 1 :]
    return chance.choice([old + "!", old[1:], ""])
