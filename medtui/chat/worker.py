"""Holds one loaded model and answers with its adapter on (tuned) or off (base).

Started as `python -m medtui.chat.worker MODEL [ADAPTER]`; reads questions as JSON lines from standard input, streams
answers to standard output, and ends when standard input closes. Nothing is logged: the text may hold patient data.
"""

import contextlib
import json
import os
import queue
import sys
import threading
import time
from pathlib import Path
from typing import Any

import torch
from transformers import StoppingCriteria, StoppingCriteriaList, TextStreamer

from medtui.errors import Refusal
from medtui.training.loading import load_base, load_tuned

_output = os.fdopen(os.dup(1), "w", encoding="utf-8")


def tell(**fields: Any) -> None:
    """Send one object to the screen."""
    print(json.dumps(fields), file=_output, flush=True)


class _Deltas(TextStreamer):
    """Streams decoded text as it becomes certain."""

    def __init__(self, tokenizer: Any, number: int, which: str) -> None:
        super().__init__(tokenizer, skip_prompt=True, skip_special_tokens=True)
        self._number, self._which = number, which

    def on_finalized_text(self, text: str, stream_end: bool = False) -> None:
        if text:
            tell(id=self._number, which=self._which, text=text)


class _Stop(StoppingCriteria):
    """Ends generation when the person asks for it or goes away."""

    def __init__(self, stopped: set[int], number: int) -> None:
        self._stopped, self._number = stopped, number

    def __call__(self, input_ids: Any, scores: Any, **_: Any) -> Any:
        return torch.full((input_ids.shape[0],), self._number in self._stopped or 0 in self._stopped, dtype=torch.bool)


class Answerer:
    """Answers questions one after the other with the loaded model."""

    def __init__(self, model: Any, tokenizer: Any) -> None:
        self.model, self.tokenizer = model, tokenizer
        self.stopped: set[int] = set()

    def answer(self, question: dict[str, Any]) -> None:
        """Generate one answer and stream it.

        Args:
            question: `id`, `messages`, `which` ("base" or "tuned") and `sampling`; see `medtui.chat.protocol`.
        """
        number, which, sampling = int(question["id"]), str(question["which"]), question["sampling"]
        inputs = self.tokenizer.apply_chat_template(
            question["messages"], add_generation_prompt=True, return_tensors="pt", return_dict=True
        ).to(self.model.device)
        sampled = float(sampling["temperature"]) > 0
        choice = {"temperature": sampling["temperature"], "top_p": sampling["top_p"]} if sampled else {}
        torch.manual_seed(int(sampling["seed"]))
        begun = time.monotonic()
        with self._adapter(which), torch.inference_mode():
            output = self.model.generate(
                **inputs,
                do_sample=sampled,
                max_new_tokens=int(sampling["max_new_tokens"]),
                pad_token_id=self.tokenizer.pad_token_id,
                streamer=_Deltas(self.tokenizer, number, which),
                stopping_criteria=StoppingCriteriaList([_Stop(self.stopped, number)]),
                **choice,
            )
        tokens = output.shape[1] - inputs["input_ids"].shape[1]
        seconds = round(time.monotonic() - begun, 3)
        tell(id=number, which=which, done=True, tokens=tokens, seconds=seconds, stopped=number in self.stopped)

    def _adapter(self, which: str) -> contextlib.AbstractContextManager[Any]:
        if which == "base" and hasattr(self.model, "disable_adapter"):
            return self.model.disable_adapter()
        return contextlib.nullcontext()


def _listen(answerer: Answerer, questions: "queue.Queue[dict[str, Any] | None]") -> None:
    for line in sys.stdin:
        with contextlib.suppress(ValueError):
            message = json.loads(line)
            if "stop" in message:
                answerer.stopped.add(int(message["stop"]))
            else:
                questions.put(message)
    # Number 0 stands for every question: nobody listens any more.
    answerer.stopped.add(0)
    questions.put(None)


def main(model: Path, adapter: Path | None) -> None:
    """Load, then answer until standard input closes."""
    os.dup2(2, 1)
    try:
        loaded = load_tuned(model, adapter, "nf4") if adapter else load_base(model, "nf4")
    except Refusal as refusal:
        tell(error=str(refusal))
        sys.exit(2)
    except (OSError, RuntimeError, ValueError) as error:
        tell(error=f"The model in {model} cannot be loaded ({type(error).__name__}); check its folder and free memory.")
        sys.exit(1)
    answerer = Answerer(*loaded)
    answerer.model.eval()
    tell(ready=True, tuned=adapter is not None)
    questions: queue.Queue[dict[str, Any] | None] = queue.Queue()
    threading.Thread(target=_listen, args=(answerer, questions), daemon=True).start()
    while (question := questions.get()) is not None:
        try:
            answerer.answer(question)
        except (RuntimeError, ValueError, KeyError, TypeError) as error:
            tell(id=question.get("id"), error=f"This question could not be answered ({type(error).__name__}).")


if __name__ == "__main__":
    main(Path(sys.argv[1]), Path(sys.argv[2]) if len(sys.argv) > 2 else None)
