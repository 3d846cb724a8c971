"""Who gets what from every route: a line a route and method, or, of one object, a line for each object.

To add a route, add its line: the endpoint, the method, the object that it is about (a name of `OBJECTS`, or "-"),
then the answers. `rest` stands for everybody who is not named. POST lines say what a form without any field but its
token gets, so that no line changes anything: 422 or 409 is the answer to somebody who may.
"""

from dataclasses import dataclass

STATE = (
    *("focal_point", "alternate", "validating_officer", "other_focal_point", "coordinator"),
    "administrator",
)
INDEPENDENT = ("contributor", "silent_contributor", "lead", "other_lead", "ombudsperson", "registrar")
FOREIGN_STATE = ("foreign_focal_point", "foreign_officer", "foreign_coordinator", "foreign_administrator")
FOREIGN_INDEPENDENT = ("foreign_lead", "foreign_registrar")
EVERYBODY = ("visitor", *STATE, *INDEPENDENT, *FOREIGN_STATE, *FOREIGN_INDEPENDENT)
OBJECTS = (
    # Updates are of ministry A, the assessment is of Open Window, the independent mail goes to its lead.
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
    "independent_mail",
    "public_file",
    "confidential_file",
    "ministry",
    "open_window",
    "official",
    "member",
    "ministrys_link",
    "members_link",
    "import",  # into KGZ-3: it waits to be read
    "hidden_review",  # of the second State, not published yet: its coordinator and its ministry see it
    "hidden_recommendation",
    # Of the second State's ministry, CSO and people; its published review has the point
    "foreign_point",
    "foreign_draft",
    "foreign_published",
    "foreign_assessment",
    "foreign_mail",
    "foreign_file",
    "foreign_ministry",
    "foreign_official",
    "foreign_link",
    "unknown",
)
TABLE = """
GET  reviews.review                 -              rest=200
GET  reviews.review                 review         rest=200
GET  reviews.index                  -              rest=200
GET  reviews.open                   -              visitor=302 coordinators=200 rest=403
POST reviews.open                   -              visitor=401 coordinators=422 rest=403
GET  reviews.prepare                review         visitor=302 coordinator=200 rest=403
GET  reviews.prepare                hidden_review  visitor=302 foreign_coordinator=200 coordinator=404 rest=403
GET  reviews.publish                review         visitor=302 coordinator=303 rest=403
POST reviews.publish                review         visitor=401 coordinator=303 rest=403
GET  reviews.publish                hidden_review  visitor=302 foreign_coordinator=200 coordinator=404 rest=403
GET  reviews.close                  review         visitor=302 coordinator=200 rest=403
POST reviews.close                  review         visitor=401 coordinator=303 rest=403
GET  milestones.add                 review         visitor=302 coordinator=200 rest=403
POST milestones.add                 review         visitor=401 coordinator=422 rest=403
GET  milestones.add                 hidden_review  visitor=302 foreign_coordinator=200 coordinator=404 rest=403
GET  milestones.correct             review         visitor=302 coordinator=200 rest=403
POST milestones.correct             review         visitor=401 coordinator=422 rest=403
GET  milestones.remove              review         visitor=302 coordinator=409 rest=403
POST milestones.remove              review         visitor=401 coordinator=409 rest=403
POST reviews.reopen                 review         visitor=401 coordinator=303 rest=403
GET  imports.index                  -              visitor=302 coordinators=200 rest=403
GET  imports.upload                 review         visitor=302 coordinator=200 rest=403
POST imports.upload                 review         visitor=401 coordinator=422 rest=403
GET  imports.upload                 hidden_review  visitor=302 foreign_coordinator=200 coordinator=404 rest=403
GET  imports.import                 import         visitor=302 coordinator=200 foreign_coordinator=404 rest=403
GET  imports.columns                import         visitor=302 coordinator=303 foreign_coordinator=404 rest=403
POST imports.columns                import         visitor=401 coordinator=303 foreign_coordinator=404 rest=403
POST imports.states                 import         visitor=401 coordinator=303 foreign_coordinator=404 rest=403
POST imports.read_again             import         visitor=401 coordinator=303 foreign_coordinator=404 rest=403
POST imports.take                   import         visitor=401 coordinator=400 foreign_coordinator=404 rest=403
GET  imports.apply                  import         visitor=302 coordinator=303 foreign_coordinator=404 rest=403
POST imports.apply                  import         visitor=401 coordinator=400 foreign_coordinator=404 rest=403
GET  imports.undo                   import         visitor=302 coordinator=303 foreign_coordinator=404 rest=403
POST imports.undo                   import         visitor=401 coordinator=400 foreign_coordinator=404 rest=403
POST imports.discard                import         visitor=401 coordinator=303 foreign_coordinator=404 rest=403
GET  recommendations.index          -              rest=200
GET  recommendations.workbook       -              rest=200
GET  recommendations.open_json      -              rest=200
GET  recommendations.recommendation recommendation rest=200
GET  recommendations.entries        recommendation rest=200
GET  recommendations.translations   recommendation rest=200
GET  recommendations.translations   hidden_recommendation preparers=200 rest=404
GET  recommendations.entries        hidden_recommendation preparers=200 rest=404
GET  milestones.calendar            -              rest=200
GET  milestones.sources             -              rest=200
GET  communications.index           -              rest=200
GET  reviews.review                 hidden_review  preparers=200 rest=404
GET  recommendations.recommendation hidden_recommendation preparers=200 rest=404
GET  reports.midterm_workbook       hidden_review  preparers=200 rest=404
GET  reports.index                  -              rest=200
GET  reports.midterm_workbook       review         rest=200
GET  protection.index               -              rest=200
GET  health.healthz                 -              rest=200
GET  health.readyz                  -              rest=200
POST protection.leave               -              rest=303
GET  sign_in.sign_in               -              visitor=200 rest=302
POST sign_in.sign_in               -              visitor=422 rest=302
POST sign_in.sign_out              -              rest=303
GET  static                         -              rest=200
GET  work.index                     -              visitor=302 rest=200
GET  reminders.index                -              visitor=302 coordinator,foreign_coordinator=200 rest=403
POST reminders.try_again            state_mail     visitor=401 coordinator=303 foreign_coordinator=404 rest=403
POST reminders.try_again            independent_mail visitor=401 coordinator,foreign_coordinator=404 rest=403
POST reminders.try_again            foreign_mail   visitor=401 foreign_coordinator=303 coordinator=404 rest=403
GET  updates.write                  point          visitor=302 writers=303 other_focal_point=200 rest=403
POST updates.write                  point          visitor=401 focal_point,alternate,other_focal_point=422 rest=403
GET  updates.write                  foreign_point  visitor=302 foreign_focal_point=303 rest=403
POST updates.write                  foreign_point  visitor=401 foreign_focal_point=422 rest=403
GET  updates.update                 draft          visitor=302 ministry_a,coordinator=200 strangers=404 rest=403
GET  updates.update                 submitted      visitor=302 ministry_a,coordinator=200 strangers=404 rest=403
GET  updates.update                 published      visitor=302 ministry_a,coordinator,strangers=200 rest=403
GET  updates.update                 foreign_draft  visitor=302 foreign_ministry=200 foreign_strangers=404 rest=403
GET  updates.update                 foreign_published visitor=302 foreign_ministry,foreign_strangers=200 rest=403
GET  updates.change                 draft          visitor=302 writers=200 other_writers=404 rest=403
GET  updates.change                 submitted      visitor=302 writers=409 other_writers=404 rest=403
GET  updates.change                 published      visitor=302 writers=409 rest=403
POST updates.change                 draft          visitor=401 writers=422 other_writers=404 rest=403
POST updates.change                 published      visitor=401 writers=409 rest=403
GET  updates.change                 foreign_draft  visitor=302 foreign_focal_point=200 home_writers=404 rest=403
POST updates.change                 foreign_draft  visitor=401 foreign_focal_point=422 home_writers=404 rest=403
POST updates.submit                 draft          visitor=401 writers=409 other_writers=404 rest=403
POST updates.submit                 published      visitor=401 writers=409 rest=403
POST updates.submit                 foreign_draft  visitor=401 foreign_focal_point=409 home_writers=404 rest=403
GET  updates.discard                draft          visitor=302 writers=200 other_writers=404 rest=403
POST updates.discard                draft          visitor=401 writers=409 other_writers=404 rest=403
GET  updates.discard                foreign_draft  visitor=302 foreign_focal_point=200 home_writers=404 rest=403
POST updates.discard                foreign_draft  visitor=401 foreign_focal_point=409 home_writers=404 rest=403
POST updates.recall                 submitted      visitor=401 writers=409 other_writers=404 rest=403
POST updates.recall                 validated      visitor=401 writers=409 other_writers=404 rest=403
POST updates.recall                 foreign_draft  visitor=401 foreign_focal_point=409 home_writers=404 rest=403
POST updates.validate               submitted      visitor=401 validating_officer=409 strangers=404 rest=403
GET  updates.return                 submitted      visitor=302 officer,coordinator=200 strangers=404 rest=403
POST updates.return                 submitted      visitor=401 officer,coordinator=422 strangers=404 rest=403
GET  updates.publish                validated      visitor=302 coordinator=200 strangers=404 rest=403
GET  updates.publish                submitted      visitor=302 coordinator=409 strangers=404 rest=403
POST updates.publish                validated      visitor=401 coordinator=409 strangers=404 rest=403
POST updates.publish                published      visitor=401 coordinator=409 rest=403
GET  assessments.write              point          visitor=302 publishers=200 rest=403
POST assessments.write              point          visitor=401 publishers=422 rest=403
POST assessments.publish            point          visitor=401 publishers=422 rest=403
GET  assessments.write              foreign_point  visitor=302 foreign_lead=200 rest=403
POST assessments.write              foreign_point  visitor=401 foreign_lead=422 rest=403
POST assessments.publish            foreign_point  visitor=401 foreign_lead=422 rest=403
GET  assessments.withdraw           assessment     visitor=302 lead,contributor=200 rest=403
POST assessments.withdraw           assessment     visitor=401 lead,contributor=303 rest=403
GET  assessments.withdraw           foreign_assessment visitor=302 foreign_lead=200 rest=403
POST assessments.withdraw           foreign_assessment visitor=401 foreign_lead=303 rest=403
GET  evidence.evidence              public_file    rest=200
GET  evidence.evidence              confidential_file ministry_a,coordinator=200 rest=404
GET  evidence.evidence              foreign_file   foreign_ministry=200 rest=404
GET  history.index                  -              rest=200
GET  disagreement.index             -              rest=200
GET  method.index                   -              rest=200
GET  about.index                    -              rest=200
GET  method.themes                  -              rest=200
GET  recommendation_links.repeated  -              rest=200
GET  recommendation_links.index     -              visitor=302 coordinator,foreign_coordinator=200 rest=403
GET  recommendation_links.recommendation recommendation visitor=302 coordinator=200 rest=403
POST recommendation_links.recommendation recommendation visitor=401 coordinator=422 rest=403
POST recommendation_links.remove    recommendation visitor=401 coordinator=404 rest=403
GET  recommendation_links.recommendation hidden_recommendation visitor=302 neighbour=200 coordinator=404 rest=403
POST recommendation_links.recommendation hidden_recommendation visitor=401 neighbour=422 coordinator=404 rest=403
GET  sign_in.code                  -              rest=302
POST sign_in.code                  -              rest=302
GET  account.index                  -              visitor=302 rest=200
GET  account.settings               -              visitor=302 rest=200
POST account.settings               -              visitor=401 rest=422
GET  account.passphrase             -              visitor=302 rest=200
POST account.passphrase             -              visitor=401 rest=422
POST account.end_sign_in            unknown        visitor=401 rest=404
POST account.end_sign_ins           -              visitor=401 rest=303
GET  second_factors.set_up          -              visitor=302 rest=200
POST second_factors.set_up          -              visitor=401 rest=422
GET  second_factors.recovery_codes  -              visitor=302 rest=200
POST second_factors.recovery_codes  -              visitor=401 rest=422
GET  second_factors.remove          -              visitor=302 members,foreign_lead=200 rest=403
POST second_factors.remove          -              visitor=401 members,foreign_lead=422 rest=403
GET  editing.add                    review         visitor=302 coordinator=200 rest=403
POST editing.add                    review         visitor=401 coordinator=422 rest=403
GET  editing.correct                recommendation visitor=302 coordinator=200 rest=403
POST editing.correct                recommendation visitor=401 coordinator=422 rest=403
GET  editing.translate              recommendation visitor=302 coordinator=200 rest=403
POST editing.translate              recommendation visitor=401 coordinator=422 rest=403
POST editing.remove_translation     recommendation visitor=401 coordinator=303 rest=403
GET  editing.translate              hidden_recommendation visitor=302 foreign_coordinator=200 coordinator=404 rest=403
GET  editing.position               recommendation visitor=302 coordinator=200 rest=403
POST editing.position               recommendation visitor=401 coordinator=422 rest=403
GET  editing.retire                 recommendation visitor=302 coordinator=200 rest=403
POST editing.retire                 recommendation visitor=401 coordinator=422 rest=403
GET  action_points.add              recommendation visitor=302 coordinator=200 rest=403
POST action_points.add              recommendation visitor=401 coordinator=422 rest=403
GET  action_points.merge            recommendation visitor=302 coordinator=200 rest=403
POST action_points.merge            recommendation visitor=401 coordinator=422 rest=403
GET  action_points.reword           point          visitor=302 coordinator=200 rest=403
POST action_points.reword           point          visitor=401 coordinator=422 rest=403
GET  action_points.split            point          visitor=302 coordinator=200 rest=403
POST action_points.split            point          visitor=401 coordinator=409 rest=403
GET  action_points.retire           point          visitor=302 coordinator=200 rest=403
POST action_points.retire           point          visitor=401 coordinator=303 rest=403
GET  action_points.index            recommendation visitor=302 coordinator=200 rest=403
POST editing.restore                recommendation visitor=401 coordinator=409 rest=403
POST action_points.restore          point          visitor=401 coordinator=409 rest=403
POST action_points.order            recommendation visitor=401 coordinator=303 rest=403
GET  editing.correct                hidden_recommendation visitor=302 foreign_coordinator=200 coordinator=404 rest=403
GET  editing.retire                 hidden_recommendation visitor=302 foreign_coordinator=200 coordinator=404 rest=403
GET  action_points.index            hidden_recommendation visitor=302 foreign_coordinator=200 coordinator=404 rest=403
GET  action_points.reword           foreign_point  visitor=302 foreign_coordinator=200 rest=403
POST action_points.reword           foreign_point  visitor=401 foreign_coordinator=422 rest=403
GET  action_points.split            foreign_point  visitor=302 foreign_coordinator=200 rest=403
POST action_points.split            foreign_point  visitor=401 foreign_coordinator=409 rest=403
GET  organisations.index            -              rest=200
GET  organisations.organisation     ministry       rest=200
GET  organisations.organisation     open_window    lead,registrar=200 rest=404
GET  organisations.organisation     foreign_ministry rest=200
GET  organisations.admit            -              visitor=302 registrars=200 rest=403
POST organisations.admit            -              visitor=401 registrars=422 rest=403
GET  invitations.administrator      -              visitor=302 administrator=200 rest=403
POST invitations.administrator      -              visitor=401 administrator=422 rest=403
GET  invitations.invite             ministry       visitor=302 keepers=200 abroad,leads,registrars=404 rest=403
POST invitations.invite             ministry       visitor=401 keepers=422 abroad,leads,registrars=404 rest=403
GET  invitations.invite             open_window    visitor=302 lead,registrar=200 outside=404 rest=403
POST invitations.invite             open_window    visitor=401 lead,registrar=422 outside=404 rest=403
GET  invitations.invite             foreign_ministry visitor=302 foreign_keepers=200 elsewhere,registrars=404 rest=403
POST invitations.invite             foreign_ministry visitor=401 foreign_keepers=422 elsewhere,registrars=404 rest=403
GET  invitations.accept             -              rest=404
POST invitations.accept             -              rest=404
POST invitations.withdraw           ministrys_link visitor=401 keepers=303 abroad,leads,registrars=404 rest=403
POST invitations.withdraw           members_link   visitor=401 lead=303 all_keepers,leads,registrars=404 rest=403
POST invitations.withdraw           foreign_link   visitor=401 foreign_keepers=303 elsewhere,registrars=404 rest=403
GET  people.person                  official       visitor=302 keepers=200 abroad,leads=404 rest=403
GET  people.person                  member         visitor=302 lead=200 all_keepers,leads=404 rest=403
POST people.publishing              member         visitor=401 lead=303 leads=404 rest=403
GET  people.end                     official       visitor=302 keepers=200 abroad,leads=404 rest=403
GET  people.end                     member         visitor=302 lead=200 all_keepers,leads=404 rest=403
POST people.end                     official       visitor=401 keepers=303 abroad,leads=404 rest=403
POST people.end                     member         visitor=401 lead=303 all_keepers,leads=404 rest=403
POST people.renew                   official       visitor=401 keepers=400 abroad,leads=404 rest=403
POST people.renew                   member         visitor=401 lead=400 all_keepers,leads=404 rest=403
POST people.give_role               official       visitor=401 keepers=400 abroad=404 rest=403
POST people.give_role               member         visitor=401 all_keepers=404 rest=403
POST people.take_role               official       visitor=401 keepers=400 abroad=404 rest=403
GET  people.hand_over               official       visitor=302 keepers=200 abroad=404 rest=403
GET  people.hand_over               member         visitor=302 all_keepers=404 rest=403
POST people.hand_over               official       visitor=401 keepers=422 abroad=404 rest=403
GET  people.person                  foreign_official visitor=302 foreign_keepers=200 elsewhere=404 rest=403
GET  people.end                     foreign_official visitor=302 foreign_keepers=200 elsewhere=404 rest=403
POST people.end                     foreign_official visitor=401 foreign_keepers=303 elsewhere=404 rest=403
POST people.renew                   foreign_official visitor=401 foreign_keepers=400 elsewhere=404 rest=403
POST people.give_role               foreign_official visitor=401 foreign_keepers=400 coordinator=404 rest=403
POST people.take_role               foreign_official visitor=401 foreign_keepers=400 coordinator=404 rest=403
GET  people.hand_over               foreign_official visitor=302 foreign_keepers=200 coordinator=404 rest=403
POST people.hand_over               foreign_official visitor=401 foreign_keepers=422 coordinator=404 rest=403
GET  organisations.create           -              visitor=302 coordinators=200 rest=403
POST organisations.create           -              visitor=401 coordinators=422 rest=403
GET  organisations.correct          ministry       visitor=302 coordinator=200 foreign_coordinator=404 rest=403
POST organisations.correct          ministry       visitor=401 coordinator=422 foreign_coordinator=404 rest=403
GET  organisations.correct          foreign_ministry visitor=302 foreign_coordinator=200 coordinator=404 rest=403
POST organisations.correct          foreign_ministry visitor=401 foreign_coordinator=422 coordinator=404 rest=403
POST organisations.correct          open_window    visitor=401 coordinators=404 rest=403
GET  organisations.end              ministry       visitor=302 coordinator=200 foreign_coordinator=404 rest=403
POST organisations.end              ministry       visitor=401 coordinator=422 foreign_coordinator=404 rest=403
GET  organisations.end              foreign_ministry visitor=302 foreign_coordinator=200 coordinator=404 rest=403
POST organisations.end              foreign_ministry visitor=401 foreign_coordinator=422 coordinator=404 rest=403
POST organisations.end              open_window    visitor=401 coordinators=404 rest=403
GET  successions.rename             ministry       visitor=302 coordinator=200 foreign_coordinator=404 rest=403
POST successions.rename             ministry       visitor=401 coordinator=422 foreign_coordinator=404 rest=403
GET  successions.rename             foreign_ministry visitor=302 foreign_coordinator=200 coordinator=404 rest=403
POST successions.rename             foreign_ministry visitor=401 foreign_coordinator=422 coordinator=404 rest=403
POST successions.rename             open_window    visitor=401 coordinators=404 rest=403
GET  successions.merge              ministry       visitor=302 coordinator=200 foreign_coordinator=404 rest=403
POST successions.merge              ministry       visitor=401 coordinator=422 foreign_coordinator=404 rest=403
GET  successions.merge              foreign_ministry visitor=302 foreign_coordinator=200 coordinator=404 rest=403
POST successions.merge              foreign_ministry visitor=401 foreign_coordinator=422 coordinator=404 rest=403
POST successions.merge              open_window    visitor=401 coordinators=404 rest=403
GET  successions.split              ministry       visitor=302 coordinator=200 foreign_coordinator=404 rest=403
POST successions.split              ministry       visitor=401 coordinator=422 foreign_coordinator=404 rest=403
GET  successions.split              foreign_ministry visitor=302 foreign_coordinator=200 coordinator=404 rest=403
POST successions.split              foreign_ministry visitor=401 foreign_coordinator=422 coordinator=404 rest=403
POST successions.split              open_window    visitor=401 coordinators=404 rest=403
POST organisations.reopen           ministry       visitor=401 coordinator=409 foreign_coordinator=404 rest=403
POST organisations.reopen           foreign_ministry visitor=401 foreign_coordinator=409 coordinator=404 rest=403
POST organisations.reopen           open_window    visitor=401 coordinators=404 rest=403
POST successions.take_back          ministry       visitor=401 coordinator=409 foreign_coordinator=404 rest=403
POST successions.take_back          foreign_ministry visitor=401 foreign_coordinator=409 coordinator=404 rest=403
POST successions.take_back          open_window    visitor=401 coordinators=404 rest=403
GET  assignments.index              review         visitor=302 coordinator=200 rest=403
GET  assignments.index              hidden_review  visitor=302 foreign_coordinator=200 coordinator=404 rest=403
GET  assignments.assign             recommendation visitor=302 coordinator=200 rest=403
POST assignments.assign             recommendation visitor=401 coordinator=422 rest=403
GET  assignments.assign             hidden_recommendation visitor=302 foreign_coordinator=200 coordinator=404 rest=403
POST assignments.end                recommendation visitor=401 coordinator=404 rest=403
GET  assignments.table              review         visitor=302 coordinator=200 rest=403
POST assignments.table              review         visitor=401 coordinator=422 rest=403
GET  assignments.table              hidden_review  visitor=302 foreign_coordinator=200 coordinator=404 rest=403
GET  assignments.suggestions        review         visitor=302 coordinator=200 rest=403
POST assignments.suggestions        review         visitor=401 coordinator=409 rest=403
GET  assignments.suggestions        hidden_review  visitor=302 foreign_coordinator=200 coordinator=404 rest=403
GET  recommendations.assign         -              visitor=302 coordinators=200 rest=403
POST recommendations.assign         -              visitor=401 coordinators=422 rest=403
"""
GROUPS = {
    "coordinators": ("coordinator", "foreign_coordinator"),
    "ministry_a": ("focal_point", "alternate", "validating_officer"),
    "officer": ("validating_officer",),
    "writers": ("focal_point", "alternate"),
    "publishers": ("contributor", "lead", "other_lead", "ombudsperson"),
    "neighbour": ("foreign_coordinator",),
    "keepers": ("coordinator", "administrator"),
    "leads": ("lead", "other_lead", "ombudsperson", "foreign_lead"),
    "strangers": (
        *("other_focal_point", "foreign_focal_point", "foreign_officer", "foreign_coordinator"),
        "foreign_administrator",
    ),
    "other_writers": ("other_focal_point", "foreign_focal_point"),
    "abroad": ("foreign_coordinator", "foreign_administrator"),
    "all_keepers": ("coordinator", "administrator", "foreign_coordinator", "foreign_administrator"),
    "outside": (
        *("coordinator", "administrator", "foreign_coordinator", "foreign_administrator"),
        *("lead", "other_lead", "ombudsperson", "foreign_lead", "foreign_registrar"),
    ),
    "registrars": ("registrar", "foreign_registrar"),
    "members": ("contributor", "silent_contributor", "lead", "other_lead", "ombudsperson"),
    "home_writers": ("focal_point", "alternate", "other_focal_point"),
    "foreign_ministry": ("foreign_focal_point", "foreign_officer", "foreign_coordinator"),
    "foreign_strangers": (
        *("focal_point", "alternate", "validating_officer", "other_focal_point", "coordinator"),
        "foreign_administrator",
    ),
    "foreign_keepers": ("foreign_coordinator", "foreign_administrator", "administrator"),
    "elsewhere": ("coordinator", "lead", "other_lead", "ombudsperson", "foreign_lead"),
    "preparers": ("foreign_coordinator", "foreign_focal_point", "foreign_officer"),
    "rest": EVERYBODY,
}
SENT = {
    "editing.position": {"position": "nothing"},
    # What a form holds beside its token, where nothing would be refused for another reason or would be done
    "updates.submit": {"version": "0"},
    "updates.discard": {"version": "0"},
    "updates.recall": {"version": "0"},
    "updates.validate": {"version": "0"},
    "updates.publish": {"version": "0"},
    "updates.change": {"version": "1", "source_link": "no link", "submit": "1"},
    "updates.write": {"source_link": "no link"},
    "account.settings": {"language": "none"},
    "organisations.correct": {"name_en": " "},
    "invitations.invite": {"role": "nobody"},
    "invitations.administrator": {"role": "nobody"},
}
"""By endpoint. An update of version 0 was never read by anybody."""
CHANGES = (
    *("sign_in.sign_out", "protection.leave", "assessments.withdraw", "reminders.try_again"),
    *("reviews.publish", "reviews.close", "reviews.reopen", "imports.states", "imports.read_again"),
    *("imports.discard", "action_points.retire", "editing.remove_translation"),
    *("account.end_sign_ins", "invitations.withdraw", "people.end", "people.publishing"),
)
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
