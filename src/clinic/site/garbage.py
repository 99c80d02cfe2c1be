"""What lives long is not looked through for garbage again and again.

A look through all that is alive stops every thread: with 500 screens for 150 ms, every 4 s. So
what has lived for a while is set aside from those looks, and looked through now and then.
"""

import asyncio
import gc

SET_ASIDE_EVERY_S = 10
ROUNDS = 60  # until all of it is looked through again: what was set aside and then died in a ring


async def keep() -> None:
    """For as long as the server lives."""
    while True:
        look_through_all()
        for _ in range(ROUNDS):
            await asyncio.sleep(SET_ASIDE_EVERY_S)
            set_aside()


def look_through_all() -> None:
    """Once in a while, and when start-up is done."""
    gc.unfreeze()
    set_aside()


def set_aside() -> None:
    """What came since the last time, and is alive."""
    gc.collect()
    gc.freeze()
