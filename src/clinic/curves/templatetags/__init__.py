"""Words for the templates of the room."""
