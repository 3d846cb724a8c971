"""What every application compiles anew and is the same in all of them: most tests make one of their own."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

from flask import Flask
from jinja2 import FileSystemBytecodeCache
from werkzeug.routing import Rule

Builder = Callable[..., tuple[str, str]]


def cache_pages(folder: Path) -> None:
    """The code of each page, a third of what a test of pages takes."""
    Flask.jinja_options = {"bytecode_cache": FileSystemBytecodeCache(str(folder))}


def cache_addresses() -> None:
    """The function that writes an address, for each of them: nine tenths of what making an application takes. It is
    made of the rule alone, and asks the rule that it is bound to for the rest."""
    made: dict[tuple[Any, ...], Builder] = {}
    compiled = Rule._compile_builder

    def compile_once(rule: Rule, append_unknown: bool = True) -> Builder:
        key = (rule.subdomain, rule.host, rule.rule, repr(rule.defaults), append_unknown)
        if key not in made:
            made[key] = compiled(rule, append_unknown)
        return made[key]

    Rule._compile_builder = compile_once  # type: ignore[method-assign]
