"""Configurations of jobs and datafeeds: reading, checks, defaults, rendering."""
