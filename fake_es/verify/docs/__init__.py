"""Pages of documentation as tests: their snippets, the directives below them, and what to run for each.

Source of the rules: ``docs/README`` and the ``DocsTestPlugin`` of Elasticsearch's build, of all its ages.
"""
