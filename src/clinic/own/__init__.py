"""What is a person's own: journal, values, letters to themselves, intention, homework, story."""
