"""Our rules as Presidio recognizers in one engine that needs no download. Only workers import this module."""

from typing import Any

from medtui.deid.detector import detect
from medtui.deid.known import KnownStrings
from medtui.deid.lean_imports import without
from medtui.deid.spans import Span
from medtui.phi import Category

with without("torch", "transformers", "tensorflow", "mxnet", "cupy"):
    from presidio_analyzer import AnalyzerEngine, EntityRecognizer, RecognizerRegistry, RecognizerResult
    from presidio_analyzer.nlp_engine import NlpArtifacts, NoOpNlpEngine

LANGUAGE = "en"
_ENTITIES = [category.value for category in Category]


class Finding(RecognizerResult):
    """A Presidio result that keeps the span it was made from."""

    def __init__(self, span: Span, metadata: dict[str, Any]) -> None:
        super().__init__(span.category.value, span.start, span.end, span.score, None, metadata)
        self.span = span


class ClinicalRecognizer(EntityRecognizer):
    """All our rules in one pass: they depend on each other, and one pass is what makes them fast."""

    def __init__(self) -> None:
        super().__init__(supported_entities=list(_ENTITIES), name="medtui clinical rules", supported_language=LANGUAGE)

    def load(self) -> None:
        """Nothing to load: the lists come with the first text."""

    def analyze(
        self, text: str, entities: list[str], nlp_artifacts: NlpArtifacts | None = None
    ) -> list[RecognizerResult]:
        """Find identifiers; doubts have a score below `spans.THRESHOLD`."""
        known = getattr(nlp_artifacts, "known", None)
        spans = detect(text, known)
        if entities is not _ENTITIES and entities:
            wanted = set(entities)
            spans = [span for span in spans if span.category.value in wanted]
        name, identifier = RecognizerResult.RECOGNIZER_NAME_KEY, RecognizerResult.RECOGNIZER_IDENTIFIER_KEY
        return [Finding(span, {name: self.name, identifier: self.id, "rule": span.source}) for span in spans]


class KnownArtifacts(NlpArtifacts):
    """What is known beforehand about the people in a text, on its way through the engine."""

    def __init__(self, engine: NoOpNlpEngine, known: KnownStrings | None) -> None:
        empty = engine.process_text("", LANGUAGE)
        super().__init__([], empty.tokens, [], [], engine, LANGUAGE)
        self.known = known


class _Registry(RecognizerRegistry):
    """Finds its recognizers again without looking through them for every text."""

    _found: list[EntityRecognizer] | None = None

    def get_recognizers(
        self,
        language: str,
        entities: list[str] | None = None,
        all_fields: bool = False,
        ad_hoc_recognizers: list[EntityRecognizer] | None = None,
    ) -> list[EntityRecognizer]:
        """Give the recognizers for a request."""
        if entities is not _ENTITIES or language != LANGUAGE or ad_hoc_recognizers:
            return list(super().get_recognizers(language, entities, all_fields, ad_hoc_recognizers))
        if self._found is None or len(self._found) != len(self.recognizers):
            self._found = list(super().get_recognizers(language, all_fields=True))
        return self._found


class _Engine(AnalyzerEngine):
    """Leaves the words around a finding to our rules, which weigh them themselves."""

    def _enhance_using_context(
        self, text: str, raw_results: list[RecognizerResult], *_: Any, **__: Any
    ) -> list[RecognizerResult]:
        return raw_results


class Analyzer:
    """The Presidio engine with our recognizers, giving spans."""

    def __init__(self) -> None:
        self._nlp = NoOpNlpEngine(models=[{"lang_code": LANGUAGE, "model_name": "no_op"}])
        registry = _Registry(recognizers=[ClinicalRecognizer()], supported_languages=[LANGUAGE])
        self.engine = _Engine(registry=registry, nlp_engine=self._nlp, supported_languages=[LANGUAGE])
        self._nothing = KnownArtifacts(self._nlp, None)

    def find(self, text: str, known: KnownStrings | None = None) -> list[Span]:
        """Find identifiers and doubts through the engine.

        Args:
            text: any text.
            known: identifiers known beforehand.
        """
        artifacts = KnownArtifacts(self._nlp, known) if known else self._nothing
        # A threshold of 0 keeps doubts, and saves the engine from asking each recognizer for its own.
        results = self.engine.analyze(text, LANGUAGE, _ENTITIES, score_threshold=0.0, nlp_artifacts=artifacts)
        return sorted((found.span for found in results), key=_start)


def _start(span: Span) -> int:
    return span.start
