"""The banner that confirms what was done, with a link to where it can be seen. Not an anchor in the address: the page
would open at the entry, below the banner, and nobody would see that it worked."""

from flask import flash


def confirm(sentence: str, address: str, words: str, *, is_success: bool = True) -> None:
    """Shown at the top of the next page: the sentence, then a link with these words (`layouts/page.html`)."""
    category = "success" if is_success else "message"
    flash((sentence, address, words), category)  # type: ignore[arg-type]  # the cookie holds a tuple as well
