"""A clinic whose medical director signed the content, so that real people may come in."""

import pytest

from tests.clinic import cast


@pytest.fixture(autouse=True)
def _signed(db: None) -> None:
    cast.sign_content()
