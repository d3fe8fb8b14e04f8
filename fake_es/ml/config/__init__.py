"""Configurations of jobs and datafeeds: read, checked, completed, shown."""
