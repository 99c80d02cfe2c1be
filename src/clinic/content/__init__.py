"""Clinical content in force here: every row, who signed it, and what this clinic changed."""
