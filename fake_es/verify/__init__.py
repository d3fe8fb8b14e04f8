"""Runs YAML REST test suites of the server and of the clients against an emulated or a real cluster.

It needs PyYAML: ``pip install fake-es[verify]``. Begin with ``parse.read_suite`` and ``runner.Runner``.
"""
