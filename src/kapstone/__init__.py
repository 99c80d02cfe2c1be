"""The clinical core of Kapstone: pure functions and frozen values.

Nothing here reads a clock, a database or the network, and nothing imports Django. Each result
names the version of the clinical content it used. No clinician has reviewed this content.
"""
