"""The training step's screen."""

import contextlib
import dataclasses
import threading
import time
from pathlib import Path
from typing import Any, ClassVar

from textual.binding import Binding, BindingType
from textual.message import Message
from textual.worker import get_current_worker

from medtui.errors import Refusal
from medtui.model import suggestion
from medtui.process import FINISHED, LOST, RUNNING, STOPPED
from medtui.training import defaults, runs, step
from medtui.training.curves import Curves
from medtui.training.estimate import estimate
from medtui.training.recipe import Recipe
from medtui.ui import following
from medtui.ui.following import LOOK_SECONDS
from medtui.ui.screens.dialog import Dialog
from medtui.ui.screens.long_step import LongStepScreen
from medtui.ui.screens.recipe import RecipeScreen
from medtui.ui.widgets.curves import Drawing, LossPlot, drawing
from medtui.ui.widgets.look import LookPage
from medtui.ui.widgets.pages import ObstaclePage, OutcomePage
from medtui.ui.widgets.plain import PlainButton
from medtui.ui.widgets.training_page import TrainedPage, TrainingPage
from medtui.wizard import training
from medtui.wizard.journey import Stage
from medtui.wizard.question import Outcome, Question
from medtui.workspace import STEPS, Workspace

# A redraw costs up to 0.1 s of processor time, so there is one a second at most.
REDRAW_SECONDS = 1.0


class RunSeen(Message):
    """What a run has told so far, reduced for drawing, and how it stands."""

    def __init__(self, curves: Curves, lines: Drawing, status: str) -> None:
        super().__init__()
        self.curves = curves
        self.lines = lines
        self.status = status

    def can_replace(self, message: Message) -> bool:
        """Let a newer look take the place of one that still waits."""
        return isinstance(message, RunSeen)


class TrainingScreen(LongStepScreen):
    """Asks how thoroughly to learn, shows everything once more, then follows the run."""

    STEP = "training"
    WORKING = "Training"
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("e", "settings", "All settings", tooltip="Show and change every setting of the run"),
    ]
    EXPLANATION = (
        "The curves show how surprised the model still is by your reports (the loss): lower is better. The blue line "
        "is measured on what it learns from, the orange marks on reports kept aside (validation). When the orange line "
        "rises while the blue one falls, the model begins to learn single reports by heart; the best state is kept.\n\n"
        "Training is a process of its own. Leave the screen, close the laptop: it goes on, and `medtui` finds it again."
    )

    def look(self) -> tuple[dict[str, dict[str, dict[str, Any]]], str]:
        """Work out what each answer means for these examples, this model and this machine."""
        return plans(self.workspace)

    def questions(self, facts: Any) -> tuple[Question, ...]:
        """Ask how thoroughly and how strongly to learn, and how long an example may be."""
        return training.questions(*facts)

    def show_look(self) -> None:
        """Show everything that is about to be used, once more."""
        results = {name: self.workspace.result(name) for name in STEPS}
        try:
            values = _plan(self.workspace, {})
        except Refusal as refusal:
            self.show_page(ObstaclePage("This could not be done", str(refusal), "Back to the question", "to-questions"))
            return
        self.show_page(LookPage(*training.last_look(results, values)))

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """Offer the settings only before the run."""
        if action == "settings":
            return self.journey.place.stage in {Stage.QUESTION, Stage.LOOK} and not self.journey.blockers(self.STEP)
        return super().check_action(action, parameters)

    def action_settings(self) -> None:
        """Open every setting of the run."""

        def closed(_answer: object) -> None:
            if self.journey.place.stage is Stage.LOOK:
                self.show_look()
            else:
                following.find_facts(self, self.look, self.STEP)

        self.app.push_screen(RecipeScreen(self.workspace), closed)

    def start(self) -> None:
        """Start the run, or go on with an interrupted one."""
        step.begin(self.workspace)

    def accept(self, result: dict[str, Any]) -> dict[str, Any]:
        """Take the finished run as the step's result."""
        return step.accept(self.workspace, runs.find(self.workspace, result["run"]), result)

    def work_page(self) -> TrainingPage:
        """Give the page with the curves, and what the card does right now."""
        return TrainingPage(*self._card())

    def _card(self) -> tuple[str, str]:
        machine = self.workspace.result("machine") or {}
        used = str(machine.get("gpu") or "none")
        name = next((str(gpu["name"]) for gpu in machine.get("gpus", []) if gpu["uuid"] == used), "")
        return (used, name) if name else ("", "")

    def follow_job(self) -> None:
        """Watch the run in a thread."""
        self.run_worker(self._watch, thread=True, group="follow", exclusive=True)

    def _watch(self) -> None:
        worker, pause = get_current_worker(), threading.Event()
        run = runs.find(self.workspace)
        known, seen, drawn_at = Curves(), None, 0.0
        while not worker.is_cancelled:
            # The state is read before the events: what a worker wrote last is never missed.
            status = run.status()
            run.curves(known)
            columns = self._columns()
            now = time.monotonic()
            fresh = (known.offset, status, columns)
            if fresh != seen and (now - drawn_at >= REDRAW_SECONDS or status != RUNNING):
                self.post_message(RunSeen(_copy(known), drawing(known, columns), status))
                seen, drawn_at = fresh, now
            if status != RUNNING:
                return
            pause.wait(LOOK_SECONDS)

    def _columns(self) -> int:
        plots = self.query(LossPlot)
        return plots.first().columns if plots else 60

    def on_run_seen(self, message: RunSeen) -> None:
        """Draw the run, and say what became of it."""
        for finished in self.query(TrainedPage):
            finished.show(message.curves, message.lines)
        for page in self.query(TrainingPage):
            page.show(message.curves, message.lines)
        if message.status != RUNNING and self.journey.place.stage is Stage.WORK:
            self.work_over(message.status, message.curves.end)

    def interrupted(self, status: str, reason: str) -> None:
        """Keep the curves in sight and offer to continue."""
        for page in self.query(TrainingPage):
            heading = {LOST: "Training was interrupted", STOPPED: "Training is stopped"}.get(
                status, "Training could not finish"
            )
            kept = runs.last_checkpoint(runs.find(self.workspace))
            page.interrupt(heading, training.interruption(status, reason, kept), can_continue=status != FINISHED)

    def on_button_pressed(self, event: PlainButton.Pressed) -> None:
        """Ask before a run is given up; the other buttons belong to every step's screen."""
        if event.button.id != "start-over":
            return
        event.stop()
        dialog = Dialog(
            "Give this run up?",
            "Its checkpoints are deleted and what it has learned so far is lost; its curve stays in the list of runs. "
            "Then choose how the next run shall learn.",
            ("keep", "Keep it"),
            ("give-up", "Give it up"),
        )
        self.app.push_screen(dialog, self._start_over)

    def _start_over(self, answer: str | None) -> None:
        if answer != "give-up":
            return
        try:
            runs.abandon(runs.find(self.workspace))
        except Refusal as refusal:
            self.notify(str(refusal), severity="error", markup=False)
            return
        self.workspace.audit("training given up")
        self.ask_again()

    def outcome_page(self, result: dict[str, Any]) -> OutcomePage:
        """Show the finished run; its curves follow."""
        return TrainedPage(self.outcome(result), self.actions(result))

    def on_trained_page_mounted(self, _message: TrainedPage.Mounted) -> None:
        """Draw the finished run, now that there is a page to draw on."""
        self.run_worker(self._draw_finished, thread=True, group="follow", exclusive=True)

    def _draw_finished(self) -> None:
        with contextlib.suppress(Refusal):
            run = runs.find(self.workspace, str((self.workspace.result("training") or {}).get("run", "")))
            curves = run.curves()
            self.post_message(RunSeen(curves, drawing(curves, self._columns()), FINISHED))

    def outcome(self, result: dict[str, Any]) -> Outcome:
        """Put the finished run into words."""
        return training.outcome(result)


def plans(workspace: Workspace) -> tuple[dict[str, dict[str, dict[str, Any]]], str]:
    """Tell for each answer to each question what the run would be, and which thoroughness suits."""
    values = {"thoroughness": defaults.THOROUGHNESS, "strength": defaults.STRENGTH, "length": defaults.LENGTH}
    chosen = defaults.resolve_recipe(workspace)
    result = {key: {name: _plan(workspace, {key: name}) for name in names} for key, names in values.items()}
    limits = [plan["max_length"] for plan in result["length"].values()]
    result["length"] = {
        name: plan
        for index, (name, plan) in enumerate(result["length"].items())
        if limits.index(limits[index]) == index
    }
    if _could_be_faster(workspace, chosen):
        result["method"] = {name: _plan(workspace, {"method": name}) for name in ("qlora", "lora")}
    return result, defaults.suggested_thoroughness(defaults.parameter_count(Path(chosen.model)))


def _could_be_faster(workspace: Workspace, recipe: Recipe) -> bool:
    """Tell whether 16-bit LoRA is a choice beside 4-bit: it fits the card with the same batch."""
    survey = workspace.result("machine")
    if not suggestion.surveyed_gib(survey) or recipe.method not in {"qlora", "lora"}:
        return False
    wanted = {"rank": recipe.rank, "examples_per_step": recipe.batch * recipe.accumulation}
    found = suggestion.for_folder(Path(recipe.model), survey, recipe.max_length, **wanted)
    return found.faster_method is not None


def _plan(workspace: Workspace, instead: dict[str, str]) -> dict[str, Any]:
    recipe = defaults.resolve_recipe(workspace, **instead)
    rows = defaults.example_count(workspace, {"objective": recipe.objective})
    left_out = 0
    if recipe.over_length == "leave_out" and recipe.objective == "instruction":
        lengths = defaults.example_lengths(workspace.dataset / "train.jsonl", Path(recipe.model))
        over = sum(length > recipe.max_length for length in lengths)
        left_out = round(rows * over / max(1, len(lengths)))
    steps = recipe.total_steps(rows)
    seen = steps * recipe.batch * recipe.accumulation
    return {
        **dataclasses.asdict(recipe),
        **dataclasses.asdict(estimate(workspace, recipe)),
        "steps": steps,
        "total_steps": steps,
        "passes": seen / max(1, rows),
        "examples": rows,
        "left_out": left_out,
    }


def _copy(curves: Curves) -> Curves:
    """Freeze what the message shows; the thread goes on reading into the original."""
    return dataclasses.replace(curves, warnings=list(curves.warnings), checkpoints=list(curves.checkpoints))
