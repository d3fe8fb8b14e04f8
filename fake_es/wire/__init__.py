"""HTTP conventions of Elasticsearch, with no machine learning in them."""
