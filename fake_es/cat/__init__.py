"""The ``_cat`` APIs, except those of ML: tables for people."""
