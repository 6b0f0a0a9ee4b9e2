"""Command: write the fictional demo practice."""

import shutil
from pathlib import Path

import click

from medtui.demo.practice.exporting import export


@click.command()
@click.option("--seed", default=20260101, show_default=True, help="Decides every byte.")
@click.option(
    "--out",
    type=click.Path(file_okay=False, path_type=Path),
    required=True,
    help="Folder to write; replaced when it exists.",
)
def main(seed: int, out: Path) -> None:
    """Write the fictional reports of the demo practice and the gold of their identifiers."""
    if (out / "gold.jsonl").is_file():
        shutil.rmtree(out)
    elif out.exists() and any(out.iterdir()):
        raise click.UsageError(f"{out} is not empty and holds no demo practice; name another folder.")
    counts = export(seed, out)
    click.echo(", ".join(f"{count} {name}" for name, count in counts.items()))


if __name__ == "__main__":
    main()
