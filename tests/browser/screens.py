"""Writes the pictures in docs/screens/: `python -m tests.browser.screens` (make screens)."""

import re
import subprocess
import tempfile
from io import BytesIO
from pathlib import Path
from typing import NoReturn
from zipfile import ZipFile

from PIL import Image
from playwright.sync_api import Browser, Page, sync_playwright
from sqlalchemy import select

from config import ROOT
from tests.browser.places import Steps, invited, new_link
from tests.browser.served import CHROMIUM, DESK, FLAGS, PHONE, BrowsedSite, serve
from tests.databases import Templates
from tests.demonstration import REVIEW, People, read_people
from tracker.models.updates import ProgressUpdate, UpdateState

SCREENS = ROOT / "docs" / "screens"
SECONDS = 180
LARGEST = 400_000
COLOURS = 128
TALLEST = {PHONE["width"]: 3600, DESK["width"]: 2200}
"""Pixels of a page that are shown: a long one goes on in the same way."""
DOTS_PER_INCH = 80
BOOK = "xl/workbook.xml"
ANY_SHEET = re.compile(r'<sheet [^>]*name="([^"]+)"')
SHEET = re.compile(r'<sheet [^>]*name="([^"]+)"[^>]*state="visible"[^>]*/>')


def main() -> None:
    SCREENS.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(prefix="tracker-screens-") as name:
        folder = Path(name)
        place, templates = folder / "site", Templates(folder, folder, _no_server)
        url = templates.copy("sqlite", "demo")
        templates.copy_storage("sqlite", place / "storage")
        with serve(url, place) as site, sync_playwright() as playwright:
            browser = playwright.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
            try:
                picture_pages(site, browser)
                picture_workbook(site, browser, folder)
            finally:
                browser.close()


def _no_server() -> NoReturn:
    raise LookupError("the pictures are taken on SQLite")


def picture_pages(site: BrowsedSite, browser: Browser) -> None:
    """Each page in both widths, in full length."""
    with site.database.reading() as session:
        who = read_people(session)
    for size, viewport in (("phone", PHONE), ("desk", DESK)):
        with browser.new_context(viewport=viewport, reduced_motion="reduce") as context:
            page = context.new_page()
            for name, path in (
                ("home", "/"),
                ("list", "/recommendations?review=KGZ-3&topic=women"),
                ("recommendation", "/recommendations/KGZ-3/A12"),
                ("disagreement", "/disagreement?review=KGZ-3"),
                ("organisation", "/organisations/public-order"),
                ("calendar", "/calendar"),
                ("reports", "/reports"),
                ("method", "/method"),
                ("history", "/history?kind=published"),
                ("protection", "/protection"),
            ):
                site.open(page, path)
                _save(page, f"{name}-{size}")
        for name, handle in (("work-focal-point", who.focal_point), ("work-coordinator", who.coordinator)):
            with browser.new_context(viewport=viewport, reduced_motion="reduce") as context:
                page = context.new_page()
                site.sign_in(page, handle)
                _save(page, f"{name}-{size}")
                if handle == who.focal_point:
                    site.open(page, f"/updates/new/{REVIEW}/{who.point}")
                    _save(page, f"update-{size}")
                    _fill_in_wrongly(page)
                    _save(page, f"update-errors-{size}")
        for name, steps in PROTECTED.items():
            with browser.new_context(viewport=viewport, reduced_motion="reduce") as context:
                page = context.new_page()
                steps(site, page, who)
                _save(page, f"{name}-{size}")


def _account(site: BrowsedSite, page: Page, who: People) -> None:
    site.sign_in(page, who.lead)
    site.open(page, "/account")


def _second_factor(site: BrowsedSite, page: Page, who: People) -> None:
    site.sign_in(page, who.silent_contributor)
    site.open(page, "/account/second-factor")


def _organisations(site: BrowsedSite, page: Page, who: People) -> None:
    site.sign_in(page, who.registrar)
    site.open(page, "/organisations")


def _whole_history(site: BrowsedSite, page: Page, who: People) -> None:
    site.sign_in(page, who.coordinator)
    site.open(page, "/history?organisation=employment")


def _evidence(site: BrowsedSite, page: Page, who: People) -> None:
    """An update that waits for the coordinator, with a file."""
    site.sign_in(page, who.coordinator)
    with site.database.reading() as session:
        waiting = select(ProgressUpdate.id).where(
            ProgressUpdate.state == UpdateState.VALIDATED, ProgressUpdate.has_files
        )
        update = session.scalars(waiting).one()
    site.open(page, f"/updates/{update}")


PROTECTED: dict[str, Steps] = {
    "account": _account,
    "second-factor": _second_factor,
    "organisations": _organisations,
    "invitation-made": new_link,
    "invitation": invited,
    "history-coordinator": _whole_history,
    "update-evidence": _evidence,
}


def _fill_in_wrongly(page: Page) -> None:
    page.get_by_label("Fully implemented").check()
    page.get_by_label("What was done?").fill("The instruction was issued and eleven officers were trained.")
    page.get_by_label("Situation on").fill("last spring")
    page.get_by_label("Link to a public source").fill("our website")
    page.get_by_role("button", name="Submit for validation").click()


def picture_workbook(site: BrowsedSite, browser: Browser, folder: Path) -> None:
    """The first printed page of each sheet, as LibreOffice lays it out."""
    with browser.new_context() as context:
        answer = context.request.get(f"{site.address}/reports/{REVIEW}-live/midterm.xlsx")
        assert answer.ok
        file = folder / "midterm.xlsx"
        file.write_bytes(answer.body())
    with ZipFile(file) as whole:
        titles = SHEET.findall(whole.read(BOOK).decode())
    for number, title in enumerate(titles, start=1):
        single = _keep_visible(file, title, folder / f"{title}.xlsx")
        profile = (folder / "profile").as_uri()
        convert = ["soffice", "--headless", f"-env:UserInstallation={profile}", "--convert-to", "pdf"]
        _run(*convert, "--outdir", str(folder), str(single))
        target = SCREENS / f"workbook-{number}-{title.casefold()}.png"
        paper, name = str(single.with_suffix(".pdf")), str(target.with_suffix(""))
        _run("pdftoppm", "-png", "-r", str(DOTS_PER_INCH), "-f", "1", "-l", "1", "-singlefile", paper, name)
        _check_size(target)


def _keep_visible(file: Path, title: str, target: Path) -> Path:
    """A copy that opens on this sheet and hides the others, so that only this one is printed."""
    with ZipFile(file) as whole, ZipFile(target, "w") as copy:
        for name in whole.namelist():
            content = whole.read(name)
            copy.writestr(name, _open_on(content.decode(), title) if name == BOOK else content)
    return target


def _open_on(book: str, title: str) -> str:
    names = [found[1] for found in ANY_SHEET.finditer(book)]
    book = re.sub(r'activeTab="\d+"', f'activeTab="{names.index(title)}"', book)
    return SHEET.sub(
        lambda found: found[0] if found[1] == title else found[0].replace('"visible"', '"hidden"'), book
    )


def _save(page: Page, name: str) -> None:
    page.evaluate("window.scrollTo(0, 0)")
    target = SCREENS / f"{name}.png"
    length = page.evaluate("document.documentElement.scrollHeight")
    width = page.viewport_size["width"]  # type: ignore[index]  # every context here has one
    clip = {"x": 0, "y": 0, "width": width, "height": min(length, TALLEST[width])}
    shot = page.screenshot(full_page=True, clip=clip)  # type: ignore[arg-type]
    Image.open(BytesIO(shot)).convert("RGB").quantize(COLOURS).save(target, optimize=True)
    _check_size(target)


def _run(*command: str) -> None:
    subprocess.run(command, check=True, capture_output=True, timeout=SECONDS)


def _check_size(picture: Path) -> None:
    size = picture.stat().st_size
    if size > LARGEST:
        raise ValueError(f"{picture.name} has {size} bytes, more than {LARGEST}")


if __name__ == "__main__":
    main()
