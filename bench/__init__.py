"""Scripts that measure: one file a claim, both sides in one run."""
