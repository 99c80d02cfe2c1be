"""Safety plans: six steps in the person's own words, made with them, never overwritten."""
