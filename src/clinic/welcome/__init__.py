"""How somebody in care gets an account of their own: invited by staff, opened by themselves."""
