"""The card that goes with an exported model: what it is, what was measured, and what was not."""

from collections.abc import Mapping
from typing import Any

_NOT_MEASURED = (
    "Whether a clinician would sign the text; a low loss does not say that a draft is right.",
    "Invented findings, doses and laterality, unless the evaluation above names them.",
    "Reports of other practices, other kinds of report, other languages.",
    "Whether the model can be made to repeat text of its training reports.",
    "Fairness across groups of patients.",
)


def render(facts: Mapping[str, Any], files: Mapping[str, str], *, merged: Mapping[str, Any] | None = None) -> str:
    """Write the card.

    Args:
        facts: figures of the run, as `order.Order.facts` holds them.
        files: name of each weight file and its SHA-256.
        merged: figures of the merge check when this is the merged model.
    """
    whole = facts["recipe"].get("method") == "full"
    kind = "16-bit model, all weights trained" if whole else "merged 16-bit model" if merged else "LoRA adapter"
    parts = [
        f"# {facts['base']}, tuned on one practice's de-identified reports ({kind})",
        _purpose(facts, kind),
        _data(facts),
        _training(facts),
        _figures(facts, merged),
        "## Not measured\n\n" + "\n".join(f"- {line}" for line in _NOT_MEASURED),
        "## Files (SHA-256)\n\n" + "\n".join(f"- `{name}` {digest}" for name, digest in sorted(files.items())),
    ]
    return "\n\n".join(parts) + "\n"


def _purpose(facts: Mapping[str, Any], kind: str) -> str:
    use = (
        "Load it with plain transformers, or any program that reads safetensors."
        if "16-bit model" in kind
        else f"Load it with peft on top of the base model {facts['base']}."
    )
    return (
        "## Intended use\n\nDrafts of clinical text inside the practice whose reports it learnt from. A clinician "
        "reads, corrects and signs every draft. It is no medical device, gives no diagnosis, and must not answer "
        "patients.\n"
        f"{use} The licence of the base model holds for this model, too."
    )


def _data(facts: Mapping[str, Any]) -> str:
    examples, deid = facts["examples"], facts["deid"]
    lines = [f"- {name}: {examples[name]} examples" for name in ("train", "validation", "test") if name in examples]
    lines += [f"- task {task}: {count} examples" for task, count in sorted((examples.get("tasks") or {}).items())]
    lines += [f"- left out, {why}: {count}" for why, count in sorted((examples.get("excluded") or {}).items())]
    lines.append(f"- de-identification policy: {facts['deid_profile']}")
    if "identifiers_found" in deid:
        lines.append(f"- identifiers replaced: {deid['identifiers_found']}, in {deid.get('documents', '?')} documents")
    lines += [f"- replaced, {kind}: {count}" for kind, count in sorted((deid.get("by_category") or {}).items())]
    return "## Data\n\n" + "\n".join(lines)


def _training(facts: Mapping[str, Any]) -> str:
    settings = "\n".join(f"- {key}: {value}" for key, value in facts["recipe"].items())
    return f"## Training\n\n{facts['training'].get('steps')} steps with these settings:\n\n{settings}"


def _figures(facts: Mapping[str, Any], merged: Mapping[str, Any] | None) -> str:
    training = facts["training"]
    lines = [
        f"- loss on validation reports before training: {training['validation_loss_first']:.4f}",
        f"- loss on validation reports of the weights kept: {training['validation_loss_best']:.4f}",
    ]
    evaluation = facts.get("evaluation")
    if evaluation:
        for name in ("base", "tuned"):
            figures = evaluation[name]
            lines.append(f"- test reports, {name}: loss {figures['loss']:.4f}, perplexity {figures['perplexity']:.2f}")
        lines.append(f"- verdict: {evaluation['verdict']}")
    else:
        lines.append("- test reports: not measured")
    if merged:
        lines.append(
            f"- merge check on {merged['items']} test reports ({merged['tokens']} answer tokens): loss "
            f"{merged['loss_merged']:.4f} merged, {merged['loss_adapter']:.4f} with the adapter beside the 16-bit "
            f"base, {merged['loss_trained']:.4f} as trained; the same most likely token in "
            f"{100 * merged['agreement']:.1f} % of places"
        )
    return "## Measured\n\n" + "\n".join(lines)
