"""Pages of documentation as tests: their snippets, the directives below them, and the steps for each.

Source of the rules: ``docs/README`` and the ``DocsTestPlugin`` of Elasticsearch's build, of all releases.
"""
