"""`python -m events.runtime prepare|remove`: what `make setup` and `make clean` call."""

import typer

from events.runtime.kafka import EmbeddedKafka
from events.runtime.logging import configure_logging
from events.runtime.postgres import EmbeddedPostgres
from events.runtime.settings import Settings

app = typer.Typer(add_completion=False)
WORDS = {
    "kafka_jars_fetching": "正在下载 Apache Kafka（约 {megabytes} MB） / "
    "fetching Apache Kafka, some {megabytes} MB",
    "kafka_archive_recorded": "已记录 Java 类归档，此后启动更快 / "
    "recorded an archive of Java classes: servers start faster from now on",
}
"""What `make setup` says of each step."""


@app.command()
def prepare() -> None:
    """Fetch Kafka's jars and record its class archive, once."""
    configure_logging(words=WORDS)
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
