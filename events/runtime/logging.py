"""Logs on standard error: JSON for machines, lines for people, never local variables."""

import logging.config
import sys
from collections.abc import Mapping, MutableMapping
from typing import Any

import orjson
import structlog
from opentelemetry import trace
from structlog.typing import Processor

QUIET_LOGGERS = ("aiokafka", "faststream", "httpx", "httpcore", "granian", "asyncio")


class Retried(logging.Filter):
    """Makes a warning of what the Kafka client calls an error and tries again by itself."""

    def filter(self, record: logging.LogRecord) -> bool:
        """Lower the record where its error may pass; tell whether it is still shown."""
        args = record.args if isinstance(record.args, tuple) else ()
        passing = any(getattr(arg, "retriable", False) for arg in args)
        if passing and record.levelno == logging.ERROR and record.name.startswith("aiokafka"):
            record.levelno, record.levelname = logging.WARNING, "WARNING"
        return record.levelno >= logging.getLogger(record.name).getEffectiveLevel()


def configure_logging(
    level: str = "INFO", *, json: bool | None = None, words: Mapping[str, str] | None = None
) -> None:
    """Set up the standard library's loggers and structlog, once per process.

    `words` are sentences by event, for what only people read: no JSON even in a pipe.
    """
    machine = not sys.stderr.isatty() and words is None if json is None else json
    logging.config.dictConfig(_standard(level, _renderers(words or {}, machine=machine)))
    structlog.configure(
        processors=[
            structlog.stdlib.filter_by_level,
            *_shared(),
            structlog.stdlib.ProcessorFormatter.wrap_for_formatter,
        ],
        wrapper_class=structlog.stdlib.BoundLogger,
        logger_factory=structlog.stdlib.LoggerFactory(),
        cache_logger_on_first_use=True,
    )


def _shared() -> list[Processor]:
    return [
        structlog.contextvars.merge_contextvars,
        structlog.stdlib.add_log_level,
        structlog.stdlib.add_logger_name,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
        _add_trace,
        structlog.processors.StackInfoRenderer(),
    ]


def _renderers(words: Mapping[str, str], *, machine: bool) -> list[Processor]:
    if machine:
        frames = structlog.tracebacks.ExceptionDictTransformer(show_locals=False, max_frames=20)
        return [
            structlog.processors.ExceptionRenderer(frames),
            structlog.processors.JSONRenderer(serializer=_json),
        ]
    plain = structlog.dev.RichTracebackFormatter(show_locals=False, max_frames=20)
    colours = sys.stderr.isatty()
    lines = structlog.dev.ConsoleRenderer(colors=colours, exception_formatter=plain)

    def said(logger: Any, method: str, line: MutableMapping[str, Any]) -> str:  # noqa: ANN401
        sentence = words.get(str(line.get("event")))
        return sentence.format(**line) if sentence else str(lines(logger, method, line))

    return [said]


def _standard(level: str, renderers: list[Processor]) -> dict[str, Any]:
    quiet = max(logging.getLevelName(level), logging.WARNING)
    line = {
        "()": structlog.stdlib.ProcessorFormatter,
        "foreign_pre_chain": [*_shared(), structlog.stdlib.ExtraAdder()],
        "processors": [structlog.stdlib.ProcessorFormatter.remove_processors_meta, *renderers],
    }
    handler = {
        "class": "logging.StreamHandler",
        "stream": "ext://sys.stderr",
        "formatter": "line",
        "filters": ["retried"],
    }
    return {
        "version": 1,
        "disable_existing_loggers": False,
        "filters": {"retried": {"()": Retried}},
        "formatters": {"line": line},
        "handlers": {"stderr": handler},
        "root": {"handlers": ["stderr"], "level": level},
        "loggers": {name: {"level": quiet} for name in QUIET_LOGGERS},
    }


def _add_trace(_logger: object, _method: str, line: MutableMapping[str, Any]) -> dict[str, Any]:
    context = trace.get_current_span().get_span_context()
    found = dict(line)
    if context.is_valid:
        found["trace_id"] = format(context.trace_id, "032x")
        found["span_id"] = format(context.span_id, "016x")
    return found


def _json(line: object, **_options: object) -> str:
    return orjson.dumps(line, default=repr).decode()
