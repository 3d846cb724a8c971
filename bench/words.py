"""Sentences for the synthetic corpus, of the length that recommendations have: 60 to 600 characters."""

from random import Random

OPENINGS = (
    "Continue its efforts to", "Take further measures to", "Adopt a national plan to", "Step up efforts to",
    "Review its legislation in order to", "Allocate sufficient resources to", "Establish a mechanism to",
    "Make every effort to", "Seek technical assistance to", "Accelerate the process needed to",
)  # fmt: skip
ACTIONS = (
    "prevent", "eliminate", "investigate", "protect", "improve", "strengthen", "monitor", "reform", "fund",
    "report publicly on", "train officials on", "collect disaggregated data on", "raise awareness of",
)  # fmt: skip
THINGS = (
    "domestic violence and violence against women", "trafficking in persons", "conditions of detention",
    "access to inclusive education in rural areas", "the independence of the judiciary", "child marriage",
    "the safety of journalists and human rights defenders", "statelessness and birth registration",
    "the rights of migrant workers and their families", "access to safe drinking water and sanitation",
    "equal pay for work of equal value", "the rights of persons with disabilities", "hate speech",
    "maternal mortality", "corporal punishment of children", "discrimination against minorities",
)  # fmt: skip
MANNERS = (
    "in line with its international obligations", "with special attention to women and girls",
    "particularly in remote and rural areas", "with the full participation of civil society",
    "including through adequate budget allocations", "with a view to ensuring accountability",
    "in law and in practice", "and publish annual data on progress", "within a clear time frame",
    "and ensure effective remedies for victims", "without discrimination of any kind",
)  # fmt: skip


def title(pick: Random) -> str:
    return f"{pick.choice(ACTIONS).capitalize()} {pick.choice(THINGS)}"


def sentence(pick: Random) -> str:
    """The median is near 180 characters, as in the recommendations that States make."""
    wanted = min(580, max(60, pick.lognormvariate(5.15, 0.5)))
    found = f"{pick.choice(OPENINGS)} {pick.choice(ACTIONS)} {pick.choice(THINGS)}"
    while len(found) < wanted:
        found += f", {pick.choice(MANNERS)}"
    return f"{found[:599]}."
