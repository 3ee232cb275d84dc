"""Figures for Prometheus, traces for OpenTelemetry, and the correlation id of the work at hand."""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field

import structlog
from opentelemetry import trace
from opentelemetry.sdk.resources import Resource
from opentelemetry.sdk.trace import TracerProvider
from opentelemetry.sdk.trace.export import BatchSpanProcessor, SpanExporter
from opentelemetry.sdk.trace.sampling import ParentBased, TraceIdRatioBased
from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram, generate_latest
from prometheus_client.exposition import CONTENT_TYPE_LATEST

NAMESPACE = "bangfu"
SECONDS = (0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30)

_correlation: ContextVar[str | None] = ContextVar("correlation_id", default=None)


@dataclass(frozen=True)
class Metrics:
    """The figures of one role in a registry of its own, so that tests never share them."""

    registry: CollectorRegistry = field(default_factory=CollectorRegistry)

    def counter(self, name: str, text: str, labels: tuple[str, ...] = ()) -> Counter:
        """Make a counter `bangfu_<name>_total`."""
        return Counter(name, text, labels, namespace=NAMESPACE, registry=self.registry)

    def gauge(self, name: str, text: str, labels: tuple[str, ...] = ()) -> Gauge:
        """Make a gauge `bangfu_<name>`."""
        return Gauge(name, text, labels, namespace=NAMESPACE, registry=self.registry)

    def histogram(self, name: str, text: str, labels: tuple[str, ...] = ()) -> Histogram:
        """Make a histogram of seconds `bangfu_<name>`."""
        return Histogram(
            name, text, labels, namespace=NAMESPACE, registry=self.registry, buckets=SECONDS
        )

    def exposed(self) -> tuple[bytes, str]:
        """Answer the body and the content type of `/metrics`."""
        return generate_latest(self.registry), CONTENT_TYPE_LATEST


def configure_tracing(
    role: str, source: str, ratio: float, exporter: SpanExporter | None = None
) -> TracerProvider:
    """Set up traces of a role; without an exporter spans only join logs and headers."""
    provider = TracerProvider(
        resource=Resource.create({"service.name": f"bangfu-{role}", "service.namespace": source}),
        sampler=ParentBased(TraceIdRatioBased(ratio)),
    )
    if exporter is not None:
        provider.add_span_processor(BatchSpanProcessor(exporter))
    trace.set_tracer_provider(provider)
    return provider


def correlation_id() -> str | None:
    """Answer the correlation id of the work at hand, None outside of any."""
    return _correlation.get()


@contextmanager
def correlated(value: str) -> Iterator[None]:
    """Bind a correlation id to the work inside, and to its log lines."""
    token = _correlation.set(value)
    try:
        with structlog.contextvars.bound_contextvars(correlation_id=value):
            yield
    finally:
        _correlation.reset(token)
