"""The model step's screen."""

from dataclasses import dataclass
from pathlib import Path
from typing import Any, ClassVar

from textual.binding import Binding, BindingType
from textual.message import Message
from textual.widget import Widget

from medtui.errors import Refusal
from medtui.machine.survey import Machine, survey
from medtui.model import details, fit, offers, plan, resolve, search
from medtui.model.offers import Offer
from medtui.ui import following
from medtui.ui.screens.another_gpu import AnotherGpu, memory
from medtui.ui.screens.model_details import ModelDetails
from medtui.ui.screens.step import StepScreen
from medtui.ui.widgets.model_page import ModelPage
from medtui.ui.widgets.question import QuestionPage
from medtui.wizard import model
from medtui.wizard.machine import short
from medtui.wizard.model import Card
from medtui.wizard.model_details import Section, sections
from medtui.wizard.question import Consequence, Option, Outcome, Question


@dataclass(frozen=True)
class Facts:
    """The models as judged for this machine, and as judged for the card that is planned for."""

    machine: Machine
    here: tuple[Offer, ...]
    listed: tuple[Offer, ...]
    card: Card
    gpu_name: str | None = None
    vram_gib: float | None = None

    def options(self, words: str = "", order: str = "fit", fitting: bool = False) -> tuple[Option, ...]:
        """Choose from the list and put it into words."""
        levels = (fit.DEMO, fit.FITS, fit.TIGHT) if fitting else ()
        found = search.search(self.listed, words, levels=levels, order=order)
        return model.options(found, self.card, {offer.id: offer for offer in self.here})

    def plan_settings(self) -> dict[str, Any]:
        """Say for which card a plan is made."""
        return {"gpu_name": self.gpu_name, "vram_gib": self.vram_gib}


class DetailsFound(Message):
    """Everything that is known about a model was collected."""

    def __init__(self, heading: str, found: tuple[Section, ...]) -> None:
        super().__init__()
        self.heading = heading
        self.found = found


class ModelScreen(StepScreen):
    """Lists the models with what fits, and takes a folder of one's own."""

    STEP = "model"
    WORKING = "Checking the model"
    EXPLANATION = (
        "The list says for each model how much graphics memory training it takes: fits, tight (it is tried out before "
        "the long run), or too large. ! marks what has something to know before; ★ is the largest general model that "
        "fits and has no such mark. Models that are not on this disk are downloaded with `medtui model fetch`; a "
        "folder that you copied here works as well. "
        "Press a to see what another graphics card could train, d for everything about a model."
    )
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("d", "details", "Details", tooltip="Everything that is known about the model under the cursor"),
        Binding("slash", "search", "Search", key_display="/", tooltip="Find models by name, language or licence"),
        Binding("s", "sort", "Sort", tooltip="Sort by fit, size, memory or name"),
        Binding("f", "fitting", "Fits", tooltip="Show only what fits, or everything again"),
        Binding("a", "another", "Other GPU", tooltip="Plan for a graphics card that is not in this machine"),
    ]

    def look(self) -> Facts:
        """Find out what fits on the chosen graphics card."""
        machine = survey(self.workspace.path)
        uuid = self.workspace.answers("machine").get("gpu")
        free, name = offers.free_memory(machine, uuid=uuid)
        here = tuple(offers.offers(machine, uuid=uuid))
        return Facts(machine, here, here, Card(short(name), free))

    def questions(self, facts: Any) -> tuple[Question, ...]:
        """Ask for the model."""
        return model.questions(facts.options(), model.default(facts.here))

    def question_page(self, question: Question, value: Any) -> QuestionPage:
        """Give the list that can be searched and sorted."""
        return ModelPage(question, value, self.facts.options, self.facts.card.words, model.ORDERS)

    def check(self, question: Question, value: Any) -> Any:
        """Check a typed folder before it is saved."""
        if question.option(value) is None:
            if not str(value):
                raise Refusal("Choose a model of the list, or type the folder of one.")
            return str(resolve.resolve(str(value)))
        return value

    def considered(self, option_value: Any, typed: str) -> Consequence | None:
        """Say whether a typed folder is there."""
        there = Path(typed).expanduser().is_dir()
        return Consequence(notes=("It is checked when you press Enter." if there else "There is no such folder.",))

    def outcome(self, result: dict[str, Any]) -> Outcome:
        """Put the choice into words."""
        return model.outcome(result)

    def show_page(self, page: Widget) -> None:
        """Show a page, and those keys of the list that work on it."""
        super().show_page(page)
        self.call_after_refresh(self.refresh_bindings)

    # The list's own keys.

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """Offer the list's keys only while the list is shown."""
        if action in {"details", "search", "sort", "fitting", "another"}:
            return bool(self.query(ModelPage))
        return True

    def action_search(self) -> None:
        """Open the search field."""
        self.query_one(ModelPage).search()

    def action_sort(self) -> None:
        """Sort in the next order."""
        self.query_one(ModelPage).next_order()

    def action_fitting(self) -> None:
        """Leave out what does not fit, or show it again."""
        self.query_one(ModelPage).only_fitting()

    def action_details(self) -> None:
        """Collect, in a thread, everything about the model under the cursor."""
        option = self.query_one(ModelPage).considered
        if option is not None:
            offer = next(offer for offer in self.facts.listed if offer.id == option.value)
            self.run_worker(lambda: self._collect(offer, self.facts), thread=True, group="details", exclusive=True)

    def _collect(self, offer: Offer, facts: Facts) -> None:
        planned, refused, known = None, "", None
        try:
            planned = plan.plan(offer.id, facts.machine, **facts.plan_settings(), practice=self.workspace)
        except Refusal as refusal:
            refused = str(refusal)
        if offer.group not in {"demo", "own"}:
            known = details.details(offer.id)
        self.post_message(DetailsFound(offer.title, sections(offer, known, planned, refused)))

    def on_details_found(self, message: DetailsFound) -> None:
        """Show them above the list."""
        if self.is_current:
            self.app.push_screen(ModelDetails(message.heading, message.found))

    def action_another(self) -> None:
        """Ask for which graphics card to plan."""
        self.app.push_screen(AnotherGpu(), self._plan_for)

    def _plan_for(self, wanted: str | None) -> None:
        if wanted is not None:
            following.find_facts(self, lambda: self._facts_for(wanted), self.STEP)

    def _facts_for(self, wanted: str) -> Facts:
        if not wanted:
            return self.look()
        here = self.look()
        amount = memory(wanted)
        name, vram = (None, amount) if amount is not None else (wanted, None)
        free, found = offers.free_memory(here.machine, name, vram)
        listed = tuple(offers.offers(here.machine, name, vram))
        card = Card("" if vram else found, free, elsewhere=True)
        return Facts(here.machine, here.here, listed, card, name, vram)
