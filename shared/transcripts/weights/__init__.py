"""Weights: models as folders whose files are checked against their hashes before anything reads them."""

from shared.transcripts.weights.bucket import bring_model, models_in_bucket
from shared.transcripts.weights.fetching import FETCH_LINE, MODELS, fetch_weights
from shared.transcripts.weights.folder import (
    BrokenWeights,
    Manifest,
    ModelsUnusable,
    Weights,
    models_folder,
    read_weights,
    seal,
    weights_there,
)

__all__ = [
    "FETCH_LINE",
    "MODELS",
    "BrokenWeights",
    "Manifest",
    "ModelsUnusable",
    "Weights",
    "bring_model",
    "fetch_weights",
    "models_folder",
    "models_in_bucket",
    "read_weights",
    "seal",
    "weights_there",
]
