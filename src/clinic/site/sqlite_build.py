"""Puts a safe SQLite build in the place of Python's own, before Django looks for one.

Danger: SQLite 3.7.0 to 3.51.2 can corrupt a WAL database when two connections write and
checkpoint at once (fixed in 3.51.3, 3.50.7 and 3.44.6). Import this before anything of Django's.
"""

import sys

import pysqlite3

sys.modules["sqlite3"] = pysqlite3
sys.modules["sqlite3.dbapi2"] = pysqlite3.dbapi2
