"""Lets the base model draft questions and answers.

Started as `python -m medtui.examples.drafting.worker FOLDER WORKSPACE COUNT`.
"""

import hashlib
import sqlite3
import sys
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import torch
from transformers import AutoModelForCausalLM, BitsAndBytesConfig
from transformers import logging as transformers_logging

from medtui import vault
from medtui.deid import gate
from medtui.deid import store as deidentified
from medtui.errors import Refusal
from medtui.examples import checks, quality
from medtui.examples import store as examples
from medtui.examples.drafting import questions, store
from medtui.examples.parts import Report, parts
from medtui.examples.settings import Settings, model_folder, settings
from medtui.examples.tokens import ChatTokenizer, Messages
from medtui.process import progress_of, worker
from medtui.progress import Progress
from medtui.workspace import Workspace

# Enough for a few sentences.
ANSWER_TOKENS = 160
PREPARE = "Loading the model"
DRAFT = "Drafting questions and answers"
# Reports held in memory at a time.
_AT_ONCE = 200


class Author:
    """The base model, writing greedily, so that the same report always gives the same draft."""

    def __init__(self, model: Path) -> None:
        """Load it: in 4 bits on a GPU, as it is on a processor.

        Raises:
            Refusal: the model cannot be loaded.
        """
        transformers_logging.disable_progress_bar()
        self.name = model.name
        self.tokenizer = ChatTokenizer(model)
        gpu = torch.cuda.is_available()
        quantized = BitsAndBytesConfig(
            load_in_4bit=True, bnb_4bit_quant_type="nf4", bnb_4bit_use_double_quant=True,
            bnb_4bit_compute_dtype=torch.bfloat16,
        )  # fmt: skip
        try:
            self._model = AutoModelForCausalLM.from_pretrained(
                str(model), dtype=torch.bfloat16 if gpu else torch.float32, local_files_only=True,
                quantization_config=quantized if gpu else None, device_map={"": "cuda:0" if gpu else "cpu"},
                trust_remote_code=False, use_safetensors=True,
            ).eval()  # fmt: skip
        except (OSError, ValueError, KeyError, RuntimeError) as error:
            raise Refusal(f"Cannot load the model in {model} ({type(error).__name__}); choose it again.") from error
        stated = getattr(self._model.config, "max_position_embeddings", None)
        self.room = (int(stated) if stated else 1 << 15) - ANSWER_TOKENS

    def fits(self, messages: Messages) -> bool:
        """Tell whether there is room for these messages and an answer."""
        return len(self._ids(messages)) <= self.room

    def _ids(self, messages: Messages) -> list[int]:
        return self.tokenizer.ids(self.tokenizer.render(messages, add_generation_prompt=True))

    def write(self, messages: Messages) -> str:
        """Write one reply."""
        ids = torch.tensor([self._ids(messages)], device=self._model.device)
        ends = sorted(self.tokenizer.end_ids)
        with torch.inference_mode():
            output = self._model.generate(
                input_ids=ids, attention_mask=torch.ones_like(ids), do_sample=False, num_beams=1,
                max_new_tokens=ANSWER_TOKENS, eos_token_id=ends, pad_token_id=ends[0],
            )  # fmt: skip
        return self.tokenizer.plain(output[0, ids.shape[1] :].tolist()).strip()


def run(workspace: Workspace, wanted: int, progress: Progress) -> dict[str, Any]:
    """Draft until so many drafts are made or no report is left.

    Args:
        workspace: the practice.
        wanted: drafts in this run.
        progress: told after every draft.

    Returns:
        `drafted`, `passed`, `failed` by reason, `skipped` reports by reason, `model`.

    Raises:
        Refusal: de-identification is not finished, or the model cannot be used.
    """
    chosen, model = settings(workspace), model_folder(workspace)
    connection = vault.connect(workspace)
    try:
        gate.check(connection)
        store.prepare(connection)
        connection.commit()
        progress(0, 0, PREPARE)
        author = Author(model)
        verdicts: Counter[str] = Counter()
        skipped: Counter[str] = Counter()
        for report in _reports(connection, skipped):
            if verdicts.total() == wanted:
                break
            if reason := _draft(connection, report, author, chosen, verdicts):
                skipped[reason] += 1
            progress(verdicts.total(), wanted, DRAFT)
    finally:
        connection.close()
    failed = {reason: count for reason, count in sorted(verdicts.items()) if reason}
    return {"drafted": verdicts.total(), "passed": verdicts[""], "failed": failed, "skipped": dict(skipped),
            "model": model.name}  # fmt: skip


def _reports(connection: sqlite3.Connection, skipped: Counter[str]) -> Iterator[Report]:
    """Give the reports that have no draft yet, in an order of chance that is always the same."""
    done = {draft.document_id for draft in store.drafts(connection)}
    held_out = _held_out(connection)
    found = {report.document_id: report.patient_key for report in deidentified.deidentified(connection)}
    wanted = []
    for name, patient in found.items():
        if name in done:
            continue
        if name in held_out or (patient and patient in held_out):
            skipped[checks.HELD_OUT_PATIENT] += 1
            continue
        wanted.append(name)
    wanted.sort(key=lambda name: hashlib.sha256(f"draft:{name}".encode()).digest())
    for begin in range(0, len(wanted), _AT_ONCE):
        batch = wanted[begin : begin + _AT_ONCE]
        read = {one.document_id: one for one in deidentified.deidentified(connection) if one.document_id in batch}
        yield from (read[name] for name in batch)


def _held_out(connection: sqlite3.Connection) -> set[str]:
    """Give reports and patients of the present validation and test: drafts about them would not be used."""
    if not examples.built(connection):
        return set()
    rows = connection.execute(
        "SELECT DISTINCT d.document_id, d.patient_key FROM example_pairs p JOIN example_documents d "
        "ON d.number = p.document WHERE p.split IN ('validation', 'test')"
    )
    return {str(value) for row in rows for value in row if value}


def _draft(
    connection: sqlite3.Connection, report: Report, author: Author, chosen: Settings, verdicts: Counter[str]
) -> str:
    """Draft one question and answer about a report; give the reason when it is skipped."""
    if quality.is_preliminary(report.text):
        return checks.PRELIMINARY
    found = parts(report)
    source = questions.source_for("", found)
    if not found or not author.fits(questions.request(source)):
        return checks.TOO_LONG if found else checks.NO_SECTIONS
    reply = author.write(questions.request(source))
    asked_by, pair = questions.BY_MODEL, questions.read(reply)
    if pair is None and (listed := questions.listed(found, report.document_id)):
        source = questions.source_for(listed, found)
        asked_by, pair = questions.BY_LIST, (listed, author.write(questions.asked(listed, source)))
    question, answer = pair or ("", reply)
    verdict: tuple[str, dict[str, Any]] = (checks.NO_FORM, {})
    if pair is not None:
        verdict = questions.judge(questions.pair(source, answer), chosen.strictness)
    verdicts[verdict[0]] += 1
    store.add(connection, report.document_id, (source, question, answer), (asked_by, author.name), verdict)
    return ""


def main() -> None:
    """Run as the worker of the job in the folder given as the first argument."""
    folder, place, wanted = Path(sys.argv[1]), Path(sys.argv[2]), int(sys.argv[3])
    workspace = Workspace.open(place)
    vault.take_key(workspace, sys.stdin.buffer.read())
    with worker(folder) as emit:
        emit("end", status="finished", result=run(workspace, wanted, progress_of(emit)))


if __name__ == "__main__":
    main()
