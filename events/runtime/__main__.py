"""`python -m events.runtime prepare|remove`: what `make setup` and `make clean` call."""

import typer

from events.runtime.kafka import EmbeddedKafka
from events.runtime.logging import configure_logging
from events.runtime.postgres import EmbeddedPostgres
from events.runtime.settings import Settings

app = typer.Typer(add_completion=False)


@app.command()
def prepare() -> None:
    """Fetch Kafka's jars and record its class archive, once."""
    configure_logging()
    EmbeddedKafka(Settings().home).prepare()


@app.command()
def remove() -> None:
    """Stop servers that were left running in the home and delete their data."""
    home = Settings().home
    postgres, kafka = EmbeddedPostgres(home), EmbeddedKafka(home)
    kafka.attach()
    kafka.erase()
    postgres.attach()
    if postgres.folder.exists():
        postgres.remove()


if __name__ == "__main__":
    app()
