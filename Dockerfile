# One image for every role of bangfu; the command names the role: `serve write`, `serve read` …
FROM python:3.11-slim
RUN useradd --uid 1000 --create-home --home-dir /var/lib/bangfu bangfu
WORKDIR /opt/bangfu
COPY pyproject.toml ./
COPY events events
COPY services services
COPY projections projections
RUN pip install --no-cache-dir .
USER bangfu
ENV BANGFU_HOME=/var/lib/bangfu BANGFU_HOST=0.0.0.0
VOLUME /var/lib/bangfu
STOPSIGNAL SIGTERM
ENTRYPOINT ["bangfu"]
CMD ["--help"]
