"""analysis/: Vietnamese text to terms: clean-up, word segmentation, spelling, folding, synonyms."""

from searcher.analysis.analyzer import VietnameseAnalyzer
from searcher.analysis.errors import SegmentationModelError, SynonymFileError
from searcher.analysis.normalization import normalize
from searcher.analysis.segmenter import segment, segment_many
from searcher.analysis.syllable import canonical, fold, is_marked
from searcher.analysis.terms import TermAnalyzer, TermBatch

__all__ = [
    "SegmentationModelError",
    "SynonymFileError",
    "TermAnalyzer",
    "TermBatch",
    "VietnameseAnalyzer",
    "canonical",
    "fold",
    "is_marked",
    "normalize",
    "segment",
    "segment_many",
]
