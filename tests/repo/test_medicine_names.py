"""The committed names of medicines are those of the pinned source, and nothing of it is run."""

import bz2
import pickle
from importlib.metadata import PackageNotFoundError

import pytest

from scripts import medicine_names


def test_the_committed_names_are_what_the_script_writes() -> None:
    try:
        packed = medicine_names.source_file().read_bytes()
    except PackageNotFoundError:
        pytest.skip("requirements/medicines.txt is not installed: `make check` brings it.")
    committed = medicine_names.WRITTEN.read_text(encoding="utf-8")
    assert committed == medicine_names.written(medicine_names.read(packed))


def test_another_file_than_the_pinned_one_is_not_opened() -> None:
    with pytest.raises(SystemExit, match="nothing was read"):
        medicine_names.read(bz2.compress(pickle.dumps({})))


def test_a_table_that_would_run_code_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    harm = bz2.compress(pickle.dumps({"drug_variant_to_canonical": print}))
    monkeypatch.setattr(medicine_names, "SHA256", medicine_names.hashlib.sha256(harm).hexdigest())
    with pytest.raises(pickle.UnpicklingError, match="no plain value"):
        medicine_names.read(harm)
