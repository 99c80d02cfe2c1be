"""Two people who draw at once must not take the same drug."""

import threading
from decimal import Decimal
from uuid import uuid4

import pytest
from django.db import connection

from clinic.pharmacy import queries
from clinic.pharmacy.actions import NotEnough
from clinic.pharmacy.models import Row
from tests.clinic.pharmacy.cases import drawn, mg, pair, received

DRAWERS, EACH = 6, 5


@pytest.mark.hazard(17)
@pytest.mark.usefixtures("_emptied_by_hand")
def test_draws_at_once_never_take_more_than_there_is() -> None:
    """500 mg and thirty draws of 30.01 mg: sixteen fit, not one more."""
    two = pair()
    vial = received(*two)
    start, fitted, refused = threading.Barrier(DRAWERS), [], []

    def draw() -> None:
        try:
            start.wait()
            for _ in range(EACH):
                try:
                    fitted.append(drawn(vial, "30.01", two[0], uuid4()).sequence)
                except NotEnough:
                    refused.append(1)
        finally:
            connection.close()

    threads = [threading.Thread(target=draw) for _ in range(DRAWERS)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    _, sums = queries.register()
    [balance] = sums.vials.values()
    assert (len(fitted), len(refused)) == (16, 14)
    assert balance.left_mg == Decimal("500") - 16 * mg("30.01") == mg("19.84")
    assert sorted(fitted) == list(range(2, 18))
    assert Row.objects.count() == 17
