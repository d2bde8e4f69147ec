"""semantics/: what articles and queries are about, as vectors: of terms, and of articles and queries made of them."""
