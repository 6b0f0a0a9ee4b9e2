"""The chat step's screen: base and tuned model side by side."""

from contextlib import closing
from typing import Any, ClassVar

from textual._path import CSSPathType
from textual.binding import Binding, BindingType
from textual.message import Message

from medtui import vault
from medtui.chat import step, transcript
from medtui.chat.client import ChatClient
from medtui.chat.protocol import BASE, TUNED, Sampling, Which
from medtui.errors import Refusal
from medtui.text import sanitize
from medtui.ui.messages import WorkRefused
from medtui.ui.screens.step import StepScreen
from medtui.ui.widgets.chat import ChatPage
from medtui.wizard import chat
from medtui.wizard.journey import Stage
from medtui.wizard.question import Outcome

# How freely the model chooses its words; each press of the key takes the next.
SAMPLING: tuple[tuple[str, Sampling], ...] = (
    ("always the likeliest word (temperature 0)", Sampling(max_new_tokens=256)),
    ("a little variety (temperature 0.4)", Sampling(temperature=0.4, top_p=0.95, max_new_tokens=256)),
    ("more variety (temperature 0.8)", Sampling(temperature=0.8, top_p=0.95, max_new_tokens=256)),
)
_CHAT_KEYS = {"stop", "sampling", "another"}
SYSTEM = "You draft clinical text for a clinician to check."


class ModelSaid(Message):
    """The model's process told something."""

    def __init__(self, event: dict[str, Any]) -> None:
        super().__init__()
        self.event = event


class ChatScreen(StepScreen):
    """Puts the same question to both models; answers stream in beside each other."""

    STEP = "chat"
    CSS_PATH: ClassVar[CSSPathType | None] = ["frame.tcss", "chat.tcss"]
    EXPLANATION = (
        "The same question goes to the base model and to the tuned one, with the same sampling settings, so that every "
        "difference comes from the training. The first questions are taken from reports that training never saw. What "
        "is asked and answered is kept in the practice's vault and nowhere else. No answer is safe to use unchecked."
    )
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("ctrl+s", "stop", "Stop", tooltip="Stop the answers that are being written", priority=True),
        Binding(
            "ctrl+t", "sampling", "Sampling", tooltip="How freely the words are chosen (temperature)", priority=True
        ),
        Binding("ctrl+n", "another", "Another", tooltip="Take another question from the test reports", priority=True),
    ]

    def __init__(self, *arguments: Any) -> None:
        super().__init__(*arguments)
        self._client: ChatClient | None = None
        self._sampling = 0
        self._suggested: list[str] = []
        self._next = 0
        # Answers that are being written: number -> which model, its question, what it has said.
        self._open: dict[int, tuple[Which, list[dict[str, str]], list[str]]] = {}
        self._asked = 0

    def look(self) -> list[str]:
        """Take questions from the reports that training never saw."""
        rows = step.rows(self.workspace, "test")
        kinds: dict[str, list[str]] = {}
        for row in rows:
            kinds.setdefault(row["meta"]["task"], []).append(row["prompt"][-1]["content"])
        return [texts[turn] for turn in range(5) for texts in kinds.values() if turn < len(texts)]

    def questions(self, facts: Any) -> tuple[()]:
        """Ask nothing beforehand."""
        self._suggested = facts
        return ()

    def begin(self) -> None:
        """Load the model and open the chat."""
        try:
            model, adapter = step.model_and_adapter(self.workspace)
        except Refusal as refusal:
            self._refused(str(refusal))
            return
        self.show_page(ChatPage(self._suggested[0] if self._suggested else "", SAMPLING[self._sampling][0]))
        self._client = ChatClient(model, adapter, self._tell)
        self._client.start()

    def _tell(self, event: dict[str, Any]) -> None:
        self.post_message(ModelSaid(event))

    def _refused(self, sentence: str) -> None:
        self.post_message(WorkRefused(self.STEP, sentence))

    def on_unmount(self) -> None:
        """Free the model's memory."""
        if self._client is not None:
            client, self._client = self._client, None
            # Ending the process may take a moment, which the screen need not wait for.
            self.app.run_worker(client.close, thread=True, exit_on_error=False)

    def on_chat_page_asked(self, message: ChatPage.Asked) -> None:
        """Put the question to both models; an empty one goes on to the next step."""
        if self._open:
            self.notify("The answers are still being written; Ctrl+S stops them.", markup=False)
        elif not message.text.strip():
            self._finish()
        elif self._client is not None:
            messages = [{"role": "system", "content": SYSTEM}, {"role": "user", "content": sanitize(message.text)}]
            self._put(messages, self._client)

    def _put(self, messages: list[dict[str, str]], client: ChatClient) -> None:
        page = self.query_one(ChatPage)
        page.begin_answers()
        sampling = SAMPLING[self._sampling][1]
        try:
            which: Which
            for which in (BASE, TUNED):
                self._open[client.ask(messages, which, sampling)] = (which, messages, [])
        except Refusal as refusal:
            page.say(str(refusal))

    def on_model_said(self, message: ModelSaid) -> None:
        """Show what the models say as it comes."""
        pages = self.query(ChatPage)
        if not pages:
            return
        page, event = pages.first(), message.event
        if event.get("ready"):
            page.say("Both models are loaded. Enter asks; an empty line goes on.")
        elif event.get("gone") or ("error" in event and "id" not in event):
            self._open.clear()
            page.say(str(event.get("error", "")))
        elif event.get("id") in self._open:
            self._answer(page, event)

    def _answer(self, page: ChatPage, event: dict[str, Any]) -> None:
        which, messages, said = self._open[event["id"]]
        if "text" in event:
            said.append(event["text"])
            page.write(which, "".join(said))
        if event.get("done") or "error" in event:
            del self._open[event["id"]]
            page.end(which, event)
            self._keep(which, messages, "".join(said))
            if not self._open:
                self._asked += 1
                page.ready()

    def _keep(self, which: Which, messages: list[dict[str, str]], answer: str) -> None:
        run = str((self.workspace.result("training") or {}).get("run", ""))
        with closing(vault.connect(self.workspace)) as connection:
            transcript.keep(connection, run, which, messages, SAMPLING[self._sampling][1], answer)

    def _finish(self) -> None:
        if self._asked:
            self.workspace.finish("chat", {"questions": self._asked})
            self.workspace.audit("chat tried", questions=self._asked)
            self.journey = self.journey.ended(self.STEP, done=True)
        self.move(self.journey.enter("export"))

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """Offer the chat's keys only while a chat is open."""
        return self.journey.place.stage is Stage.WORK if action in _CHAT_KEYS else True

    def action_stop(self) -> None:
        """Stop the answers that are being written."""
        if self._client is not None:
            for number in list(self._open):
                self._client.stop(number)

    def action_sampling(self) -> None:
        """Choose how freely words are chosen."""
        self._sampling = (self._sampling + 1) % len(SAMPLING)
        for page in self.query(ChatPage):
            page.show_sampling(SAMPLING[self._sampling][0])

    def action_another(self) -> None:
        """Take another question from the test reports."""
        if self._suggested:
            self._next = (self._next + 1) % len(self._suggested)
            for page in self.query(ChatPage):
                page.suggest(self._suggested[self._next])

    def actions(self, result: dict[str, Any]) -> tuple[tuple[str, str], ...]:
        """Offer to talk again."""
        return (("again", "Chat again"),)

    def outcome(self, result: dict[str, Any]) -> Outcome:
        """Say what was tried."""
        return chat.outcome(result)

    def status_line(self) -> str:
        """Say where one is."""
        return super().status_line() if self.journey.place.stage is not Stage.WORK else "The chat is open."
