"""analysis/: Vietnamese text to terms: clean-up, word segmentation, spelling, folding, synonyms.

What Whoosh needs of it is `searcher.analysis.analyzer`, which is not here: segmentation works without Whoosh.
"""

from typing import TYPE_CHECKING, Final

from searcher.lazy import names_from

if TYPE_CHECKING:
    from searcher.analysis.errors import SegmentationModelError, SynonymFileError
    from searcher.analysis.folding import FoldedOrder, FoldedTerms, Lexicon, expansions, fold_many, folded_order
    from searcher.analysis.normalization import normalize
    from searcher.analysis.queryterms import Alternative, QueryTerm, query_terms
    from searcher.analysis.segmenter import segment, segment_many
    from searcher.analysis.syllable import canonical, fold, is_marked
    from searcher.analysis.synonyms import Equivalent, Synonyms, load_synonyms
    from searcher.analysis.terms import TermAnalyzer, TermBatch

__all__ = [
    "Alternative",
    "Equivalent",
    "FoldedOrder",
    "FoldedTerms",
    "Lexicon",
    "QueryTerm",
    "SegmentationModelError",
    "SynonymFileError",
    "Synonyms",
    "TermAnalyzer",
    "TermBatch",
    "canonical",
    "expansions",
    "fold",
    "fold_many",
    "folded_order",
    "is_marked",
    "load_synonyms",
    "normalize",
    "query_terms",
    "segment",
    "segment_many",
]

_MODULES: Final = {
    "searcher.analysis.errors": (
        "SegmentationModelError",
        "SynonymFileError",
    ),
    "searcher.analysis.folding": (
        "FoldedOrder",
        "FoldedTerms",
        "Lexicon",
        "expansions",
        "fold_many",
        "folded_order",
    ),
    "searcher.analysis.normalization": ("normalize",),
    "searcher.analysis.queryterms": (
        "Alternative",
        "QueryTerm",
        "query_terms",
    ),
    "searcher.analysis.segmenter": (
        "segment",
        "segment_many",
    ),
    "searcher.analysis.syllable": (
        "canonical",
        "fold",
        "is_marked",
    ),
    "searcher.analysis.synonyms": (
        "Equivalent",
        "Synonyms",
        "load_synonyms",
    ),
    "searcher.analysis.terms": (
        "TermAnalyzer",
        "TermBatch",
    ),
}
"""Where each name lives; imported when first used, as `segment` needs a third of it."""

__getattr__ = names_from(__name__, _MODULES)


def __dir__() -> list[str]:
    return sorted({*globals(), *__all__})
