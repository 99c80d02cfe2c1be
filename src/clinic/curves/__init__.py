"""Predicted curves on a page: of a plan that somebody tries, and of a session as charted.

It reads and draws; it writes nothing. No control that orders, gives or changes a dose stands on
any page here, and with an input missing there is the list of what is missing and no curve.
"""
