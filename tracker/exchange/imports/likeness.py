"""How like each other two folded texts (`fold_text`) are, and from when on they count as one recommendation."""

from rapidfuzz import fuzz

LIKE_TEXT = 90.0
"""How like each other (`fuzz.ratio`, of 100) two texts are that share a recommending State, so that they count as one
recommendation. Measured on China 2013 and Kyrgyzstan 2010: true pairs have 97 and more; a false one, which names
another protocol, has 87."""

LIKE_PART, SHORTEST_PART = 80.0, 25
"""How like the other text, or a part of it (`fuzz.partial_ratio`), a text is, and how long in signs, so that both are
joined and the item is doubtful: UPR Info parts some recommendations (Kyrgyzstan 2010)."""

LONGEST_PART = 1_000
"""Signs of a text that is looked for as a part of another, or in which one is looked for: it takes as long as both
lengths multiplied. Recommendations have a few hundred."""


def part_ratio(part: str, whole: str, *, score_cutoff: float) -> float:
    """How like a text is to another one or to a part of it; 0 below the cutoff."""
    of_part = 0.0
    if len(part) < len(whole) <= LONGEST_PART:
        of_part = fuzz.partial_ratio(part, whole, score_cutoff=score_cutoff)
    return max(of_part, fuzz.ratio(part, whole, score_cutoff=score_cutoff))


def is_same_number_same_text(one: str, other: str) -> bool:
    """Whether two texts under one number are of one recommendation: they are alike, or one is a part of the other."""
    shorter, longer = sorted((one, other), key=len)
    ratio = part_ratio if len(shorter) >= SHORTEST_PART else fuzz.ratio
    return bool(ratio(shorter, longer, score_cutoff=LIKE_PART))
