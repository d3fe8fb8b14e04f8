"""HTTP and JSON conventions of Elasticsearch. This room knows nothing of machine learning, documents or security."""
