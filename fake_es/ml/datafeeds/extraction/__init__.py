"""From documents to the records of a job.

Documents are searched in the order of time, page by page. A datafeed that stops after a page can continue without a gap.
"""
