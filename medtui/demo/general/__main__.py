"""Command: write the demo's general instructions."""

import json
from pathlib import Path

import click

from medtui.demo.general.instructions import instructions
from medtui.workspace import write_atomic


@click.command()
@click.option("--seed", default=20260101, show_default=True, help="Decides every byte.")
@click.option("--out", type=click.Path(dir_okay=False, path_type=Path), required=True, help="File to write.")
def main(seed: int, out: Path) -> None:
    """Write general instructions with their answers as JSON lines."""
    lines = [json.dumps(entry, ensure_ascii=False) for entry in instructions(seed)]
    write_atomic(out, "\n".join(lines) + "\n")
    click.echo(f"{len(lines)} instructions")


if __name__ == "__main__":
    main()
