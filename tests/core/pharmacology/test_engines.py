"""A quicker way to the same figures that gave others would go unseen: nobody checks a crowd."""

from collections.abc import Iterator
from unittest import mock

import numpy as np
import pytest

from kapstone.errors import InvalidInput
from kapstone.pharmacology import Analyte, Crowd, Engine, Form, Options, Way, default, engines
from kapstone.pharmacology.asking import ask
from kapstone.pharmacology.people import people_curves
from kapstone.pharmacology.transfer import Array
from tests.core.pharmacology.asked import ADULT, EVERY_MINUTE, dose
from tests.core.pharmacology.test_exact import PLAN

PEOPLE = 5_003  # no whole number of blocks, and enough for a thread each
UNEVEN = np.array([0, 0.5, 3, 40, 41, 90, 300.0])


@pytest.fixture(params=[1, 2])
def processors(request: pytest.FixtureRequest) -> Iterator[int]:
    with mock.patch.object(engines.os, "cpu_count", return_value=request.param):
        yield request.param


@pytest.mark.parametrize("people", [777, PEOPLE])
@pytest.mark.parametrize("times", [EVERY_MINUTE, UNEVEN, np.arange(0.0, 961, 1.5), np.array([7.0])])
@pytest.mark.parametrize(
    ("way", "analyte"), [(Way.IV, None), (Way.SUBLINGUAL, None), (Way.ORAL, Analyte.NORKETAMINE)]
)
def test_the_compiled_crowd_is_that_of_numpy(
    way: Way, analyte: Analyte | None, times: Array, people: int, processors: int
) -> None:
    doses = PLAN if way is Way.IV else [dose(30, way), dose(20, way, at_min=45)]
    question = ask(default(Form.RACEMATE, way), doses, ADULT, Options(analyte=analyte))
    found, expected = (
        people_curves(question, times, Crowd(people_count=people, engine=engine))
        for engine in (Engine.COMPILED, Engine.NUMPY)
    )
    assert (found >= 0).all()
    if way is Way.IV:
        np.testing.assert_allclose(found, expected, rtol=1e-9, atol=1e-11)
    # Two rates of one person may be nearly equal: their large terms take one another away, and
    # what is left in the first minutes carries the rounding of the whole.
    np.testing.assert_allclose(
        found / expected.max(axis=0), expected / expected.max(axis=0), rtol=0, atol=1e-9
    )


def test_a_page_never_waits_for_the_compiler() -> None:
    assert engines.chosen(Engine.BEST, 2000) is Engine.NUMPY
    assert engines.chosen(Engine.BEST, 100_000) is Engine.COMPILED
    assert engines.chosen(Engine.NUMPY, 100_000) is Engine.NUMPY


def test_without_the_extra_numpy_answers_and_the_name_is_refused() -> None:
    with mock.patch.object(engines, "is_there", return_value=False):
        assert engines.chosen(Engine.BEST, 100_000) is Engine.NUMPY
        with pytest.raises(InvalidInput, match=r"kapstone\[fast\]"):
            engines.chosen(Engine.COMPILED, 100_000)
