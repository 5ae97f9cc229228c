# The portal's image: web, worker, beat and one-off commands differ by their command alone.
FROM python:3.13-slim-bookworm AS build
COPY requirements.lock /tmp/requirements.lock
RUN python -m venv /opt/portal \
 && /opt/portal/bin/pip install --no-cache-dir --disable-pip-version-check --require-hashes -r /tmp/requirements.lock

FROM python:3.13-slim-bookworm
# The libraries of the PDF engine, and nothing else.
RUN apt-get update \
 && apt-get install -y --no-install-recommends libglib2.0-0 libpango-1.0-0 libharfbuzz0b libharfbuzz-subset0 \
      libfontconfig1 libpangoft2-1.0-0 \
 && rm -rf /var/lib/apt/lists/* \
 && useradd --uid 10001 --user-group --no-create-home --shell /usr/sbin/nologin portal \
 && install -d -o portal -g portal -m 0700 /srv/pieces \
 && install -d -o portal -g portal -m 0755 /srv/pages
COPY --from=build /opt/portal /opt/portal
WORKDIR /srv/portal
COPY . .
ENV PATH=/opt/portal/bin:$PATH \
    PYTHONUNBUFFERED=1 \
    PYTHONDONTWRITEBYTECODE=1 \
    DJANGO_SETTINGS_MODULE=portal.settings.production \
    STATIC_ROOT=/srv/static
# Static files are hashed and compressed once, here; these samples open nothing and stay in this layer's shell.
RUN SECRET_KEY=build DATABASE_URL=postgresql://build@build/build CLAMAV_URL=tcp://build:3310 EMAIL_URL=dummymail:// \
    FILE_KEYS=build:AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA= ALLOWED_HOSTS=build \
    python manage.py collectstatic --noinput \
 && python -m compileall -q /srv/portal
USER portal
EXPOSE 8000
HEALTHCHECK --interval=15s --timeout=5s --start-period=30s --retries=4 CMD ["python", "deploy/healthcheck.py"]
CMD ["gunicorn", "portal.wsgi:application", "--config", "deploy/gunicorn.conf.py"]
