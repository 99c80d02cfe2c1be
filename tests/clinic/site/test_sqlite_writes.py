"""If two writers could read the same number, a dose or a vial would be lost between them."""

import asyncio
import os
import subprocess
import sys
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pysqlite3
import pytest
from django.core.exceptions import SynchronousOnlyOperation
from django.db import IntegrityError, OperationalError, connections, transaction
from pytest_django import DjangoDbBlocker

from clinic.site.storage.addresses import databases
from tests.clinic.site.contender import add

ALIAS = "contended"


@pytest.fixture
def database(tmp_path: Path, django_db_blocker: DjangoDbBlocker) -> Iterator[Path]:
    """A SQLite file of this test's own, whatever the clinic's tests run on."""
    made = databases("", tmp_path)["default"]
    connections.databases[ALIAS] = made
    connections.configure_settings(connections.databases)
    with django_db_blocker.unblock():
        with connections[ALIAS].cursor() as cursor:
            cursor.execute("CREATE TABLE counter (n integer CHECK (n >= 0))")
            cursor.execute("INSERT INTO counter VALUES (0)")
        yield Path(str(made["NAME"]))
        connections[ALIAS].close()
    del connections[ALIAS]
    del connections.databases[ALIAS]


def _count() -> int:
    with connections[ALIAS].cursor() as cursor:
        cursor.execute("SELECT n FROM counter")
        return int(cursor.fetchone()[0])


def _is_free() -> bool:
    from clinic.site.storage.sqlite import base

    return not base._LOCKS[connections[ALIAS].settings_dict["NAME"]]._held


def _in_thread(target: Any, *args: Any) -> threading.Thread:
    def run() -> None:
        try:
            target(*args)
        finally:
            connections[ALIAS].close()

    thread = threading.Thread(target=run)
    thread.start()
    return thread


def test_threads_that_read_then_write_lose_nothing(database: Path) -> None:
    threads = [_in_thread(add, ALIAS, 25) for _ in range(8)]
    for thread in threads:
        thread.join()
    assert _count() == 200


def test_processes_that_read_then_write_lose_nothing(database: Path) -> None:
    command = [sys.executable, "-m", "tests.clinic.site.contender", str(database), "300"]
    both = [
        subprocess.Popen(
            command,
            env={**os.environ, "PYTHONPATH": os.pathsep.join(["src", "."])},
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )
        for _ in range(2)
    ]
    assert [process.stdout.readline() for process in both if process.stdout] == ["ready\n"] * 2
    for process in both:
        assert process.stdin
        process.stdin.write("go\n")
        process.stdin.flush()
    add(ALIAS, 150)
    for process in both:
        process.communicate(timeout=60)
    assert [process.returncode for process in both] == [0, 0]
    assert _count() == 750


def test_no_other_process_writes_between_a_read_and_its_write(database: Path) -> None:
    other = pysqlite3.connect(str(database), timeout=0)
    try:
        with transaction.atomic(using=ALIAS):
            _count()
            with pytest.raises(pysqlite3.OperationalError, match="locked"):
                other.execute("UPDATE counter SET n = 7")
    finally:
        other.close()


def test_every_thread_gets_an_equal_share(database: Path) -> None:
    shares = dict.fromkeys(range(4), 0)
    stop = threading.Event()

    def write(number: int) -> None:
        while not stop.is_set():
            add(ALIAS, 1)
            shares[number] += 1

    threads = [_in_thread(write, number) for number in shares]
    stop.wait(1)
    stop.set()
    for thread in threads:
        thread.join()
    assert min(shares.values()) > 0.7 * max(shares.values()), shares


def test_nested_blocks_take_one_turn_and_keep_their_savepoints(database: Path) -> None:
    with transaction.atomic(using=ALIAS):
        add(ALIAS, 1)
        with pytest.raises(IntegrityError), transaction.atomic(using=ALIAS):
            connections[ALIAS].cursor().execute("UPDATE counter SET n = -1")
        assert not _is_free()
    assert _count() == 1
    assert _is_free()


def test_an_error_gives_the_lock_back(database: Path) -> None:
    with pytest.raises(ZeroDivisionError), transaction.atomic(using=ALIAS):
        1 / 0  # noqa: B018 - the error is the point
    assert _is_free()


def test_closing_inside_a_transaction_gives_the_lock_back(database: Path) -> None:
    with transaction.atomic(using=ALIAS):
        connections[ALIAS].close()
        assert _is_free()


def test_a_begin_that_fails_gives_the_lock_back(database: Path) -> None:
    connections[ALIAS].ensure_connection()
    connections[ALIAS].transaction_mode = "NONSENSE"
    with pytest.raises(OperationalError), transaction.atomic(using=ALIAS):
        pytest.fail("it began")
    assert _is_free()


def test_a_writer_that_never_ends_is_said_and_does_not_stop_the_clinic(database: Path) -> None:
    with transaction.atomic(using=ALIAS):
        seen: list[str] = []

        def impatient() -> None:
            connections[ALIAS].settings_dict = {
                **connections[ALIAS].settings_dict,
                "OPTIONS": {**connections[ALIAS].settings_dict["OPTIONS"], "timeout": 0.05},
            }
            try:
                add(ALIAS, 1)
            except OperationalError as error:
                seen.append(str(error))

        _in_thread(impatient).join()
    assert seen == ["database is locked: another write of this process held it for 0.05 s"]
    add(ALIAS, 1)


def test_the_lock_is_never_waited_for_on_the_event_loop(
    database: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("DJANGO_ALLOW_ASYNC_UNSAFE", raising=False)
    wrapper = connections[ALIAS]

    async def begin() -> None:
        wrapper._start_transaction_under_autocommit()

    with pytest.raises(SynchronousOnlyOperation):
        asyncio.run(begin())


@pytest.mark.hazard(18)
def test_the_file_is_set_up_to_survive_a_power_cut(database: Path) -> None:
    with connections[ALIAS].cursor() as cursor:
        values = [
            cursor.execute(f"PRAGMA {name}").fetchone()[0]
            for name in ("journal_mode", "synchronous", "foreign_keys")
        ]
    assert values == ["wal", 2, 1]
