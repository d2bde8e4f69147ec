"""The engine of an index in a cluster: OpenSearch keeps it; any machine that reaches it may fill and search it."""
