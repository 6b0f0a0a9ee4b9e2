"""Counts tokens as the trainer will see them: the model's tokenizer and chat template, without torch."""

import datetime
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from jinja2 import TemplateError
from jinja2.ext import Extension, loopcontrols
from jinja2.sandbox import ImmutableSandboxedEnvironment

from medtui.errors import Refusal
from medtui.examples import chat_template
from medtui.examples.chat_template import content, load_tokenizer, read_json

Messages = Sequence[Mapping[str, str]]


@dataclass(frozen=True, slots=True)
class Encoded:
    """A prompt and completion as tokens.

    Attributes:
        ids: token ids of the whole row.
        prompt_length: how many of them are the prompt; the rest is trained.
    """

    ids: tuple[int, ...]
    prompt_length: int

    @property
    def trained(self) -> tuple[int, ...]:
        """The token ids that the loss is computed on."""
        return self.ids[self.prompt_length :]


class ChatTokenizer:
    """A model's tokenizer together with its chat template."""

    def __init__(self, model: Path) -> None:
        """Load from a model folder.

        Raises:
            Refusal: the folder holds no fast tokenizer, or neither a chat template nor an end-of-text token.
        """
        self._tokenizer = load_tokenizer(model)
        settings = read_json(model / "tokenizer_config.json")
        special = {**read_json(model / "special_tokens_map.json"), **settings}
        self._variables = {
            name: content(value) for name, value in special.items() if name.endswith("_token") and value is not None
        }
        self.eos_token = self._variables.get("eos_token", "")
        self.end_ids = self._ends(model)
        self.chat_template = chat_template.of(model)
        self._template = _environment().from_string(self.chat_template.text)

    def _ends(self, model: Path) -> frozenset[int]:
        """Give the tokens at which the model stops: the end of text, and what its generation settings name."""
        stated = read_json(model / "generation_config.json").get("eos_token_id")
        named = stated if isinstance(stated, list) else [stated]
        found = (self._tokenizer.token_to_id(self.eos_token), *named)
        return frozenset(number for number in found if isinstance(number, int))

    def render(self, messages: Messages, *, add_generation_prompt: bool = False) -> str:
        """Write messages as the text that the model sees.

        Raises:
            Refusal: the template refuses these messages.
        """
        try:
            return self._template.render(
                messages=list(messages), add_generation_prompt=add_generation_prompt, tools=None, documents=None,
                **self._variables,
            )  # fmt: skip
        except TemplateError as error:
            raise Refusal(f"The model's chat template cannot write our messages ({type(error).__name__}).") from error

    def ids(self, text: str) -> list[int]:
        """Give the token ids of a text in which the template has written the special tokens already."""
        return list(self._tokenizer.encode(text, add_special_tokens=False).ids)

    def pieces(self, ids: Sequence[int]) -> list[str]:
        """Give each token as readable text, special tokens by their name."""
        return [self._tokenizer.decode([number], skip_special_tokens=False) for number in ids]

    def text(self, ids: Sequence[int]) -> str:
        """Give tokens as readable text, special tokens by their name."""
        return str(self._tokenizer.decode(list(ids), skip_special_tokens=False))

    def plain(self, ids: Sequence[int]) -> str:
        """Give tokens as readable text without special tokens."""
        return str(self._tokenizer.decode(list(ids), skip_special_tokens=True))

    def encode(self, prompt: Messages, completion: Messages) -> Encoded:
        """Tokenise a row as TRL does: the prompt alone with a generation prompt, then prompt and completion together.

        Raises:
            Refusal: the prompt is no token prefix of the whole, or nothing would be trained, or not the answer's end.
        """
        before = self.ids(self.render(prompt, add_generation_prompt=True))
        whole = self.ids(self.render([*prompt, *completion]))
        if whole[: len(before)] != before:
            raise Refusal(
                "With this model's chat template a prompt is not the beginning of prompt and answer, so the trainer "
                "could not tell them apart; choose another model or correct its chat_template."
            )
        if len(whole) == len(before):
            raise Refusal(
                "With this model's chat template no token of the answer would be trained; choose another model."
            )
        if not self.end_ids & set(whole[len(before) :]):
            raise Refusal(
                "With this model's chat template the end of an answer is not trained, so the tuned model would never "
                "stop; choose another model or correct its chat_template."
            )
        return Encoded(tuple(whole), len(before))


def _environment() -> ImmutableSandboxedEnvironment:
    """Build the environment in which chat templates are written: the same as transformers renders them in."""
    environment = ImmutableSandboxedEnvironment(
        trim_blocks=True, lstrip_blocks=True, extensions=[_Generation, loopcontrols]
    )
    environment.filters["tojson"] = lambda value, ensure_ascii=False, indent=None, **_: json.dumps(
        value, ensure_ascii=ensure_ascii, indent=indent
    )

    def refuse(message: str) -> None:
        raise TemplateError(message)

    environment.globals["raise_exception"] = refuse
    environment.globals["strftime_now"] = lambda layout: datetime.datetime.now().astimezone().strftime(layout)
    return environment


class _Generation(Extension):
    """Lets templates mark the assistant's part; here the marks change nothing."""

    tags = {"generation"}  # noqa: RUF012 - jinja2 reads it as a class attribute

    def parse(self, parser: Any) -> Any:
        """Keep the body of the block."""
        next(parser.stream)
        return parser.parse_statements(("name:endgeneration",), drop_needle=True)


# Contexts longer than this cost memory that small practices' GPUs do not have; reports rarely reach it.
USUAL_LENGTH = 2048
# The demo's reports and its short training on a CPU are made for this length.
DEMO_LENGTH = 384


def default_length(model: Path, *, demo: bool) -> int:
    """Give the longest example in tokens when the user has not chosen: what the model can, within reason."""
    positions = int(read_json(model / "config.json").get("max_position_embeddings") or USUAL_LENGTH)
    return min(positions, DEMO_LENGTH if demo else USUAL_LENGTH)
