"""Calendars: jobs, or groups of them, and the events during which nothing is anomalous to them."""
