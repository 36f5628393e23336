def split(amount, people, weights=None):
    """Shares by person, in cents."""
    if not people:
        raise ValueError("nobody to split it among")
    weights = weights or [1] * len(people)
    if len(weights) != len(people):
        raise ValueError("one weight for each person")
    total = sum(weights)
    return {person: int(amount * weight / total) for person, weight in zip(people, weights)}
