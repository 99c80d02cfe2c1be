"""Draws that keep the mean and the spread asked for, on a bounded scale."""

import math
from random import Random


def bounded(rng: Random, mean: float, sd: float, bounds: tuple[float, float]) -> float:
    """A beta draw with this mean and SD between the bounds.

    Raises ValueError where no distribution on the bounds has such a mean and SD.
    """
    low, high = bounds
    middle, spread = (mean - low) / (high - low), sd / (high - low)
    weight = middle * (1 - middle) / spread**2 - 1
    if not (0 < middle < 1 and weight > 0):
        raise ValueError(f"mean {mean} and SD {sd} do not fit between {low} and {high}")
    return low + (high - low) * rng.betavariate(middle * weight, (1 - middle) * weight)


def linked(rng: Random, earlier: float, share: float) -> float:
    """A uniform draw that equals the earlier one for this share of people."""
    fresh = rng.random()
    return earlier if rng.random() < share else fresh


def other_ratio(
    ratio: tuple[float, float], share: float, inner: tuple[float, float]
) -> tuple[float, float]:
    """Mean and SD of a mixture's other part, from the whole's and one part's with its share."""
    mean = (ratio[0] - share * inner[0]) / (1 - share)
    square = ratio[0] ** 2 + ratio[1] ** 2 - share * (inner[0] ** 2 + inner[1] ** 2)
    return mean, math.sqrt(square / (1 - share) - mean**2)


def spread_over_items(rng: Random, total: int, weights: tuple[int, ...]) -> tuple[int, ...]:
    """Answers from 0 to 3 that add up to the total; a heavier item rises sooner."""
    answers = [0] * len(weights)
    for _ in range(total):
        open_items = [index for index, answer in enumerate(answers) if answer < 3]
        chosen = rng.choices(open_items, [weights[index] for index in open_items])[0]
        answers[chosen] += 1
    return tuple(answers)
