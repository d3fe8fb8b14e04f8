"""The Query DSL: queries read from JSON data into objects that select documents."""
