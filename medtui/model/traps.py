"""What commonly goes wrong with a model, said before it is chosen."""

from medtui.model.catalogue import ENCODER, Model

_LINEAR_ATTENTION = {"qwen3_5_text", "qwen3_5_moe_text"}
_NO_SDPA = {"gemma2"}


def refusal(model: Model) -> str | None:
    """Say why medtui does not train this model at all; None when it does."""
    if model.remote_code:
        return "It needs program code from its own repository, which medtui never runs."
    if model.group == ENCODER:
        return "It marks text and cannot write; it is meant for de-identification."
    return None


def traps(model: Model) -> list[str]:
    """List what to know before choosing the model, one sentence each."""
    found = [refusal(model)] if refusal(model) else []
    if model.mixture_of_experts:
        found.append("Mixture of experts: its experts stay in 16 bits, so 4-bit training saves almost nothing.")
    family = model.architecture.family if model.architecture else ""
    if family in _NO_SDPA:
        found.append(
            "Its attention has no memory-saving form here, so memory grows with the square of the report's length."
        )
    if family in _LINEAR_ATTENTION:
        found.append(
            "Linear attention: without the packages flash-linear-attention and causal-conv1d training is very slow."
        )
    if model.multimodal and not model.remote_code:
        found.append("Has a vision part: only its language model is loaded and adapted.")
    if model.chat_template is False and model.group != ENCODER:
        found.append("A base model without chat template: it does not answer questions until it has been taught to.")
    if model.gated:
        found.append("Gated: its makers ask you to accept their terms before it can be downloaded.")
    if model.intended_use:
        found.append(f"Its authors say: {model.intended_use}")
    return [trap for trap in found if trap]
