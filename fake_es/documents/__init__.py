"""The thin core of Elasticsearch that machine learning stands on."""
