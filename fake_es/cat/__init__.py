"""Tables for people: the ``_cat`` APIs that have nothing to do with ML."""
