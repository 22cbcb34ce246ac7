# Built from the locked packages; runs as nobody, with a root that may be read-only. Everything is learned in the build.
#   docker build --tag compact-bot .
#   docker run --read-only --tmpfs /tmp --volume compact-data:/data --env-file .env --publish 8000:8000 compact-bot
FROM python:3.12-slim-bookworm AS made
WORKDIR /made
ENV PIP_NO_CACHE_DIR=1 PIP_DISABLE_PIP_VERSION_CHECK=1
RUN python -m venv /opt/compact
COPY requirements.txt ./
RUN /opt/compact/bin/pip install --require-hashes --requirement requirements.txt
COPY . .
RUN /opt/compact/bin/pip install --no-deps --no-build-isolation .
RUN COMPACT_HOME=/opt/learned /opt/compact/bin/compact-bot learn
# 200 MB that only learning needs; an agreement of your own is learned in a build of your own.
RUN /opt/compact/bin/pip uninstall --yes scikit-learn scipy joblib threadpoolctl

FROM python:3.12-slim-bookworm
COPY --from=made /opt/compact /opt/compact
COPY --from=made /opt/learned/learned /opt/learned/learned
COPY --from=made /opt/learned/learned-acts /opt/learned/learned-acts
ENV PATH=/opt/compact/bin:$PATH PYTHONDONTWRITEBYTECODE=1 HOST=0.0.0.0 PORT=8000 \
    COMPACT_HOME=/opt/learned COMPACT_DATABASE_URL=sqlite:////data/compact.db
RUN mkdir --mode=0700 /data && chown nobody:nogroup /data
USER nobody
VOLUME /data
EXPOSE 8000
HEALTHCHECK --interval=30s --timeout=5s --start-period=20s \
    CMD python -c "import urllib.request as r; r.urlopen('http://127.0.0.1:8000/healthz', timeout=4)"
CMD ["compact-bot", "run"]
