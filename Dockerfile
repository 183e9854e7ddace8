# memobook with all that it needs; a project is mounted at /work:
#   docker build -t memobook .
#   docker run --rm -v "$PWD:/work" --user "$(id -u):$(id -g)" memobook build
FROM python:3.13-slim-bookworm AS base
# What .ci/machine.py calls pango: a test compares them.
RUN apt-get update \
 && apt-get install -y --no-install-recommends \
    libpango-1.0-0 libpangoft2-1.0-0 libharfbuzz-subset0 \
 && rm -rf /var/lib/apt/lists/*

FROM base AS made
COPY --from=ghcr.io/astral-sh/uv:0.9 /uv /bin/uv
WORKDIR /src
ENV UV_PROJECT_ENVIRONMENT=/opt/memobook \
    UV_LINK_MODE=copy \
    UV_COMPILE_BYTECODE=1 \
    UV_PYTHON_DOWNLOADS=never
# The libraries first: they change less often than the source.
COPY pyproject.toml uv.lock README.md LICENSE ./
RUN uv sync --locked --no-default-groups --no-install-project \
    --extra cite --extra diagrams --extra math
COPY src ./src
RUN uv sync --locked --no-default-groups --no-editable \
    --extra cite --extra diagrams --extra math

FROM base
COPY --from=made /opt/memobook /opt/memobook
RUN useradd --create-home --uid 1000 memobook
ENV PATH=/opt/memobook/bin:$PATH
USER memobook
WORKDIR /work
ENTRYPOINT ["memobook"]
CMD ["--help"]
