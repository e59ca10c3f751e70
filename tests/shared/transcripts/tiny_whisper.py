"""A Whisper model of a megabyte, made at random: CTranslate2's own converter writes it, and its decoder runs it.

Nobody has trained it, so its words mean nothing; but they are words, with probabilities and times, as those of any Whisper."""

import json
from dataclasses import dataclass
from itertools import product
from pathlib import Path
from typing import Any

import numpy as np
from ctranslate2.converters.converter import Converter
from ctranslate2.specs import whisper_spec
from faster_whisper.tokenizer import _LANGUAGE_CODES as LANGUAGES
from tokenizers import AddedToken, Tokenizer, decoders, models, pre_tokenizers

from shared.transcripts.weights import models_folder, seal

LENGTH = 448
WORDS = (" the", " 1984", " 24", " 3", " say", ",", ".", " 7", " name", " of", "日", "本")
TIMES = [f"<|{number * 0.02:.2f}|>" for number in range(1501)]


@dataclass(frozen=True)
class Shape:
    """How large a model is: numbers of a token, layers of the encoder and (`speaking`; None: as many) of the decoder, heads of a
    layer, bands of mel that it hears."""

    width: int = 64
    layers: int = 2
    heads: int = 2
    speaking: int | None = None
    mels: int = 80

    @property
    def decoding(self) -> int:
        """Layers of the decoder."""
        return self.speaking or self.layers


TINY = Shape()


def make_tiny_whisper(
    name: str = "tiny", *, seed: int = 13, ending: float = 4.0, language: str = "de", shape: Shape = TINY
) -> Path:
    """Put a model of that name into the models folder, sealed.

    `seed`: which words it is fond of; `ending`: how fond of ending, below 3 it stammers; `language`: what it takes all for."""
    folder = models_folder() / "speech" / name
    folder.parent.mkdir(parents=True, exist_ok=True)
    tokenizer = _tokenizer()
    _RandomWhisper(tokenizer, shape, seed, ending, language).convert(str(folder), quantization="int8", force=True)
    tokenizer.save(str(folder / "tokenizer.json"))
    (folder / "preprocessor_config.json").write_text(json.dumps({"feature_size": shape.mels}))
    seal(name, folder, "made at random")
    return folder


class _RandomWhisper(Converter):
    def __init__(self, tokenizer: Tokenizer, shape: Shape, seed: int, ending: float, language: str) -> None:
        self._shape = shape
        self._tokenizer = tokenizer
        self._ending, self._language = ending, language
        self._random = np.random.default_rng(seed)

    def _load(self) -> whisper_spec.WhisperSpec:
        spec = whisper_spec.WhisperSpec(self._shape.layers, self._shape.heads, self._shape.decoding, self._shape.heads)
        vocabulary = [self._tokenizer.id_to_token(number) for number in range(self._tokenizer.get_vocab_size())]
        self._encoder(spec.encoder)
        self._decoder(spec.decoder, len(vocabulary))
        spec.register_vocabulary(vocabulary)
        ids = self._tokenizer.token_to_id
        spec.config.suppress_ids = []
        spec.config.suppress_ids_begin = [ids(_in_bytes(" the")), ids("<|endoftext|>")]
        spec.config.lang_ids = [ids(f"<|{language}|>") for language in LANGUAGES]
        spec.config.alignment_heads = [
            list(pair) for pair in product(range(self._shape.decoding), range(self._shape.heads))
        ]
        return spec

    def _encoder(self, spec: whisper_spec.WhisperEncoderSpec) -> None:
        width = self._shape.width
        for convolution, inputs in ((spec.conv1, self._shape.mels), (spec.conv2, width)):
            convolution.weight, convolution.bias = self._some(width, inputs, 3), self._some(width)
        spec.position_encodings.encodings = self._some(1500, width)
        self._norm(spec.layer_norm)
        for layer in spec.layer:
            self._attention(layer.self_attention, own=True)
            self._feed_forward(layer.ffn)

    def _decoder(self, spec: Any, words: int) -> None:
        width = self._shape.width
        spec.embeddings.weight = self._some(words, width, spread=1.0)
        spec.position_encodings.encodings = self._some(LENGTH, width, spread=1.0)
        self._norm(spec.layer_norm)
        spec.projection.weight = self._some(words, width, spread=0.5)
        spec.projection.bias = np.full(words, -30, np.float32)
        spec.projection.bias[: len(WORDS)] = 0
        spec.projection.bias[self._tokenizer.token_to_id("<|endoftext|>")] = self._ending
        spec.projection.bias[self._tokenizer.token_to_id(f"<|{self._language}|>")] = 0
        for layer in spec.layer:
            self._attention(layer.self_attention, own=True)
            self._attention(layer.attention, own=False)
            self._feed_forward(layer.ffn)

    def _attention(self, spec: Any, *, own: bool) -> None:
        width = self._shape.width
        self._norm(spec.layer_norm)
        parts = (3, 1) if own else (1, 2, 1)
        for linear, times in zip(spec.linear, parts, strict=True):
            linear.weight, linear.bias = self._some(times * width, width), self._some(times * width)

    def _feed_forward(self, spec: Any) -> None:
        width = self._shape.width
        self._norm(spec.layer_norm)
        spec.linear_0.weight, spec.linear_0.bias = self._some(4 * width, width), self._some(4 * width)
        spec.linear_1.weight, spec.linear_1.bias = self._some(width, 4 * width), self._some(width)

    def _norm(self, spec: Any) -> None:
        width = self._shape.width
        spec.gamma, spec.beta = np.ones(width, np.float32), np.zeros(width, np.float32)

    def _some(self, *shape: int, spread: float = 0.2) -> "np.ndarray[Any, Any]":
        return (self._random.standard_normal(shape) * spread).astype(np.float32)


def _tokenizer() -> Tokenizer:
    """Bytes and a few words, then what is special to Whisper, then its times: in the order of Whisper's own."""
    vocabulary: dict[str, int] = {}
    for token in [*(_in_bytes(word) for word in WORDS), *sorted(pre_tokenizers.ByteLevel.alphabet())]:
        vocabulary.setdefault(token, len(vocabulary))
    vocabulary[""] = len(vocabulary)  # By this CTranslate2 knows a model of many languages.
    tokenizer = Tokenizer(models.WordLevel(vocabulary, unk_token="!"))
    tokenizer.pre_tokenizer = pre_tokenizers.Sequence([pre_tokenizers.ByteLevel(add_prefix_space=False)])
    tokenizer.decoder = decoders.ByteLevel()
    special = ["<|endoftext|>", "<|startoftranscript|>", *(f"<|{language}|>" for language in LANGUAGES)]
    special += [
        "<|translate|>",
        "<|transcribe|>",
        "<|startoflm|>",
        "<|startofprev|>",
        "<|nospeech|>",
        "<|notimestamps|>",
    ]
    tokenizer.add_special_tokens([AddedToken(token, special=True) for token in [*special, *TIMES]])
    return tokenizer


def _in_bytes(word: str) -> str:
    """As byte-level tokenizers write it."""
    pieces = pre_tokenizers.ByteLevel(add_prefix_space=False, use_regex=False).pre_tokenize_str(word)
    return "".join(piece for piece, _ in pieces)
