"""Who gets what from every route: a line a route and method, or, of one object, a line for each object.

To add a route, add its line: the endpoint, the method, the object that it is about (a name of `OBJECTS`, or "-"),
then the answers. `rest` stands for everybody who is not named. POST lines say what a form without any field but its
token gets, so that no line changes anything: 422 or 409 is the answer to somebody who may.
"""

from dataclasses import dataclass

STATE = (
    "focal_point",
    "alternate",
    "validating_officer",
    "other_focal_point",
    "coordinator",
    "administrator",
)
INDEPENDENT = ("contributor", "silent_contributor", "lead", "other_lead", "ombudsperson", "registrar")
EVERYBODY = ("visitor", *STATE, *INDEPENDENT)
OBJECTS = (
    # Updates are of ministry A, the assessment is of Open Window, the foreign mail goes to an independent person.
    "-",
    "review",
    "recommendation",
    "point",
    "draft",
    "submitted",
    "validated",
    "published",
    "assessment",
    "state_mail",
    "foreign_mail",
    "unknown",
)
TABLE = """
GET  reviews.review                 -              rest=200
GET  reviews.review                 review         rest=200
GET  recommendations.index          -              rest=200
GET  recommendations.workbook       -              rest=200
GET  recommendations.open_json      -              rest=200
GET  recommendations.recommendation recommendation rest=200
GET  milestones.calendar            -              rest=200
GET  communications.index           -              rest=200
GET  reports.index                  -              rest=200
GET  reports.midterm_workbook       review         rest=200
GET  protection.index               -              rest=200
POST protection.leave               -              rest=303
GET  accounts.sign_in               -              visitor=200 rest=302
POST accounts.sign_in               -              visitor=422 rest=302
POST accounts.sign_out              -              rest=303
GET  static                         -              rest=200
GET  work.index                     -              visitor=302 rest=200
GET  reminders.index                -              visitor=302 coordinator=200 rest=403
POST reminders.try_again            state_mail     visitor=401 coordinator=303 rest=403
POST reminders.try_again            foreign_mail   visitor=401 coordinator=404 rest=403
GET  updates.write                  point          visitor=302 focal_point,alternate,other_focal_point=200 rest=403
POST updates.write                  point          visitor=401 focal_point,alternate,other_focal_point=422 rest=403
GET  updates.update                 draft          visitor=302 ministry_a,coordinator=200 other_focal_point=404 rest=403
GET  updates.update                 submitted      visitor=302 ministry_a,coordinator=200 other_focal_point=404 rest=403
GET  updates.update                 published      visitor=302 ministry_a,coordinator,other_focal_point=200 rest=403
GET  updates.change                 draft          visitor=302 writers=200 other_focal_point=404 rest=403
GET  updates.change                 submitted      visitor=302 other_focal_point=404 rest=403
GET  updates.change                 published      visitor=302 rest=403
POST updates.change                 draft          visitor=401 writers=422 other_focal_point=404 rest=403
POST updates.change                 published      visitor=401 writers,other_focal_point=409,403 rest=403
POST updates.submit                 draft          visitor=401 writers=409 other_focal_point=404 rest=403
POST updates.submit                 published      visitor=401 writers,other_focal_point=409 rest=403
GET  updates.discard                draft          visitor=302 writers=200 other_focal_point=404 rest=403
POST updates.discard                draft          visitor=401 writers=409 other_focal_point=404 rest=403
POST updates.validate               submitted      visitor=401 validating_officer=409 other_focal_point=404 rest=403
GET  updates.return                 submitted      visitor=302 officer,coordinator=200 other_focal_point=404 rest=403
POST updates.return                 submitted      visitor=401 officer,coordinator=422 other_focal_point=404 rest=403
POST updates.publish                validated      visitor=401 coordinator=409 other_focal_point=404 rest=403
POST updates.publish                published      visitor=401 ministry_a,coordinator,other_focal_point=409 rest=403
GET  assessments.write              point          visitor=302 publishers=200 rest=403
POST assessments.write              point          visitor=401 publishers=422 rest=403
POST assessments.publish            point          visitor=401 publishers=422 rest=403
GET  assessments.withdraw           assessment     visitor=302 lead,contributor=200 rest=403
POST assessments.withdraw           assessment     visitor=401 lead,contributor=303 rest=403
"""
GROUPS = {
    "ministry_a": ("focal_point", "alternate", "validating_officer"),
    "officer": ("validating_officer",),
    "writers": ("focal_point", "alternate"),
    "publishers": ("contributor", "lead", "other_lead", "ombudsperson"),
    "rest": EVERYBODY,
}
SENT = {
    # What a form holds beside its token, where nothing would be refused for another reason or would be done
    "updates.submit": {"version": "0"},
    "updates.discard": {"version": "0"},
    "updates.validate": {"version": "0"},
    "updates.publish": {"version": "0"},
    "updates.change": {"version": "1", "source_link": "no link", "submit": "1"},
    "updates.write": {"source_link": "no link"},
}
"""By endpoint. An update of version 0 was never read by anybody."""
CHANGES = ("accounts.sign_out", "protection.leave", "assessments.withdraw", "reminders.try_again")
"""Endpoints that do what they are for: in these lines only a refusal must leave every row as it was."""


@dataclass(frozen=True)
class Line:
    method: str
    endpoint: str
    about: str
    answers: dict[str, tuple[int, ...]]
    """By person of the cast; more than one where an update is refused for its state or for the person."""

    @property
    def name(self) -> str:
        return f"{self.method} {self.endpoint} {self.about}"


def lines() -> list[Line]:
    return [_line(row) for row in TABLE.strip().splitlines()]


def _line(row: str) -> Line:
    method, endpoint, about, *cells = row.split()
    answers: dict[str, tuple[int, ...]] = {}
    for cell in cells:
        names, _, statuses = cell.partition("=")
        people = [person for name in names.split(",") for person in GROUPS.get(name, (name,))]
        for person in people:
            answers.setdefault(person, tuple(int(status) for status in statuses.split(",")))
    return Line(method, endpoint, about, answers)
