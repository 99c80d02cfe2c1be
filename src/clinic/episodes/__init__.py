"""An episode of care, its series, and one row for each dose given."""
