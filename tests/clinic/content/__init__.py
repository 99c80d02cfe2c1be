"""Clinical content: who answers for what."""
