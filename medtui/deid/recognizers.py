"""Our rules as Presidio recognizers in one engine that needs no download. Only workers import this module."""

from typing import Any

from medtui.deid.detector import detect
from medtui.deid.known import KnownStrings
from medtui.deid.lean_imports import without
from medtui.deid.spans import Span, merge
from medtui.phi import Category

with without("torch", "transformers", "tensorflow", "mxnet", "cupy"):
    from presidio_analyzer import AnalyzerEngine, EntityRecognizer, RecognizerRegistry, RecognizerResult
    from presidio_analyzer.context_aware_enhancers import ContextAwareEnhancer
    from presidio_analyzer.nlp_engine import NlpArtifacts, NoOpNlpEngine

LANGUAGE = "en"
_ENTITIES = [category.value for category in Category]


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
        wanted = set(entities) if entities else set(_ENTITIES)
        return [_result(span, self) for span in detect(text, known) if span.category.value in wanted]


class KnownArtifacts(NlpArtifacts):
    """What is known beforehand about the people in a text, on its way through the engine."""

    def __init__(self, engine: NoOpNlpEngine, known: KnownStrings | None) -> None:
        empty = engine.process_text("", LANGUAGE)
        super().__init__([], empty.tokens, [], [], engine, LANGUAGE)
        self.known = known


class _NoContext(ContextAwareEnhancer):
    """Our rules weigh the words around a finding themselves."""

    def __init__(self) -> None:
        super().__init__(0.0, 0.0, 0, 0)

    def enhance_using_context(
        self, text: str, raw_results: list[RecognizerResult], *_: Any, **__: Any
    ) -> list[RecognizerResult]:
        """Give the results as they are."""
        return raw_results


def _result(span: Span, recognizer: EntityRecognizer) -> RecognizerResult:
    return RecognizerResult(
        entity_type=span.category.value,
        start=span.start,
        end=span.end,
        score=span.score,
        recognition_metadata={
            RecognizerResult.RECOGNIZER_NAME_KEY: recognizer.name,
            RecognizerResult.RECOGNIZER_IDENTIFIER_KEY: recognizer.id,
            "rule": span.source,
        },
    )


class Analyzer:
    """The Presidio engine with our recognizers, giving spans."""

    def __init__(self) -> None:
        self._nlp = NoOpNlpEngine(models=[{"lang_code": LANGUAGE, "model_name": "no_op"}])
        registry = RecognizerRegistry(recognizers=[ClinicalRecognizer()], supported_languages=[LANGUAGE])
        self.engine = AnalyzerEngine(
            registry=registry,
            nlp_engine=self._nlp,
            supported_languages=[LANGUAGE],
            context_aware_enhancer=_NoContext(),
        )

    def find(self, text: str, known: KnownStrings | None = None) -> list[Span]:
        """Find identifiers and doubts through the engine.

        Args:
            text: any text.
            known: identifiers known beforehand.
        """
        results = self.engine.analyze(text, LANGUAGE, nlp_artifacts=KnownArtifacts(self._nlp, known))
        spans = [
            Span(found.start, found.end, Category(found.entity_type), found.score, found.recognition_metadata["rule"])
            for found in results
        ]
        return merge(spans, text)
