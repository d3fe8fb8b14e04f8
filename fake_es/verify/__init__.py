"""Runs YAML REST test suites, of the server's and of the clients' dialect, against a fake or a real cluster over HTTP.

Needs PyYAML: ``pip install fake-es[verify]``. Begin with ``parse.read_suite`` and ``runner.Runner``.
"""
