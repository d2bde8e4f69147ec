"""ranking/: documents to an order, by a formula that explains itself: `ranker.Ranker`."""
