"""The chat template of a model: its own, or a named standard one where it has none.

One place decides: what counts tokens, trains, examines, answers and exports asks here, so that all write alike.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from tokenizers import Tokenizer

from medtui.errors import Refusal


@dataclass(frozen=True, slots=True)
class ChatTemplate:
    """How messages become one text.

    Attributes:
        name: "own", "ChatML", "Llama 3" or "Alpaca".
        text: the Jinja template.
        standard: it is not the model's own.
    """

    name: str
    text: str
    standard: bool

    @property
    def consequence(self) -> str:
        """Say what it means that the template is not the model's own; empty when it is."""
        if not self.standard:
            return ""
        return (
            f"This model brings no chat template, so the standard one named {self.name} is used. It was never taught "
            "to answer in it: before tuning it goes on writing rather than answers, so a comparison with it flatters "
            "the tuned model. The template is written into all that is exported; other programs must use it, too."
        )


# Adapters are trained with these texts: a changed one would make them answer worse. Add new ones, change none.
_BEGIN = "{{ bos_token }}"
_CHATML = (
    "{% for message in messages %}<|im_start|>{{ message['role'] }}\n{{ message['content'] }}<|im_end|>\n{% endfor %}"
    "{% if add_generation_prompt %}<|im_start|>assistant\n{% endif %}"
)
_LLAMA_3 = (
    "{% for message in messages %}<|start_header_id|>{{ message['role'] }}<|end_header_id|>\n\n"
    "{{ message['content'] }}<|eot_id|>{% endfor %}"
    "{% if add_generation_prompt %}<|start_header_id|>assistant<|end_header_id|>\n\n{% endif %}"
)
# Words that any model can read: for models whose end of text is no mark of a chat.
_ALPACA = (
    "{% for message in messages %}{% if message['role'] == 'user' %}### Instruction:\n{{ message['content'] }}\n\n"
    "{% elif message['role'] == 'assistant' %}### Response:\n{{ message['content'] }}{{ eos_token }}\n\n"
    "{% else %}{{ message['content'] }}\n\n{% endif %}{% endfor %}"
    "{% if add_generation_prompt %}### Response:\n{% endif %}"
)
# Marks of a turn only serve where the model ends its texts with them: their embeddings are not trained here.
_BY_END: dict[str, tuple[str, str, tuple[str, ...]]] = {
    "<|im_end|>": ("ChatML", _CHATML, ("<|im_start|>", "<|im_end|>")),
    "<|eot_id|>": ("Llama 3", _LLAMA_3, ("<|start_header_id|>", "<|end_header_id|>", "<|eot_id|>")),
}


def of(model: Path) -> ChatTemplate:
    """Find the chat template of a model folder.

    Raises:
        Refusal: it has none, and no end-of-text token with which a standard one could end an answer.
    """
    settings = read_json(model / "tokenizer_config.json")
    if (own := _own(model, settings)) is not None:
        return ChatTemplate("own", own, standard=False)
    special = {**read_json(model / "special_tokens_map.json"), **settings}
    tokenizer = load_tokenizer(model)
    end = content(special.get("eos_token") or "")
    if not end or tokenizer.token_to_id(end) is None:
        raise Refusal(
            f"The model {model} has no chat template and no end-of-text token, so it could not learn where an answer "
            "ends; choose another model."
        )
    name, text, marks = _BY_END.get(end, ("Alpaca", _ALPACA, ()))
    if any(tokenizer.token_to_id(mark) is None for mark in marks):
        name, text = "Alpaca", _ALPACA
    return ChatTemplate(name, (_BEGIN if _begins(tokenizer, special) else "") + text, standard=True)


def _begins(tokenizer: Any, special: Mapping[str, Any]) -> bool:
    """Tell whether this tokenizer puts a token before every text, as the model saw all of its texts."""
    begin = content(special.get("bos_token") or "")
    ids = tokenizer.encode("a", add_special_tokens=True).ids
    return bool(begin) and bool(ids) and ids[0] == tokenizer.token_to_id(begin)


def _own(model: Path, settings: Mapping[str, Any]) -> str | None:
    path = model / "chat_template.jinja"
    if path.is_file():
        return path.read_text(encoding="utf-8")
    template = settings.get("chat_template") or read_json(model / "chat_template.json").get("chat_template")
    if isinstance(template, list):
        template = {entry["name"]: entry["template"] for entry in template}.get("default")
    return str(template) if template else None


def load_tokenizer(model: Path) -> Any:
    """Load a model's fast tokenizer.

    Raises:
        Refusal: it has none.
    """
    path = model / "tokenizer.json"
    try:
        return Tokenizer.from_file(str(path))
    except Exception as error:  # tokenizers raises plain Exception
        raise Refusal(f"Cannot read the tokenizer {path}; choose a model folder with a tokenizer.json.") from error


def read_json(path: Path) -> dict[str, Any]:
    """Read an object; an empty one when there is no such file.

    Raises:
        Refusal: it is not JSON.
    """
    try:
        values = json.loads(path.read_text(encoding="utf-8"))
    except FileNotFoundError:
        return {}
    except ValueError as error:
        raise Refusal(f"{path} is not JSON; restore the model folder.") from error
    return values if isinstance(values, dict) else {}


def content(value: Any) -> str:
    """Give a special token's text, however it is written down."""
    return str(value["content"]) if isinstance(value, dict) else str(value)
