"""The plan, the consent to it, and the order that follows."""
