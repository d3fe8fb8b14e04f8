"""Calendars: lists of jobs and groups, and of scheduled events during which these jobs find no anomalies."""
