# The server in a container: built as `make release` does, then put on a small Debian. docs/self-hosting.md says how to run it.
FROM swift:6.3-bookworm AS build
WORKDIR /keywright
COPY .ci/packages .ci/packages
RUN apt-get update \
  && apt-get install -y --no-install-recommends make \
  && .ci/packages \
  && rm -rf /var/lib/apt/lists/*
COPY . .
RUN make release

FROM debian:bookworm-slim
RUN apt-get update \
  && apt-get install -y --no-install-recommends \
    ca-certificates libsqlite3-0 libssl3 libstdc++6 libyaml-0-2 zlib1g \
  && rm -rf /var/lib/apt/lists/* \
  && useradd --system --uid 10001 --home-dir /data --shell /usr/sbin/nologin keywright \
  && install -d -o keywright -g keywright -m 0700 /data
COPY --from=build /keywright/.build/dist/keywright /usr/local/bin/keywright

USER keywright
WORKDIR /data
VOLUME /data
# Until there is an administrator the server listens within the container alone, whatever stands here.
ENV KEYWRIGHT_DATA=/data KEYWRIGHT_HOST=0.0.0.0 KEYWRIGHT_PORT=3003
EXPOSE 3003
# Bash speaks TCP, so no further program is needed.
HEALTHCHECK --interval=30s --timeout=5s --start-period=5s CMD ["bash", "-c", \
  "exec 3<>/dev/tcp/127.0.0.1/$KEYWRIGHT_PORT && printf 'GET /ready HTTP/1.1\\r\\nHost: localhost\\r\\nConnection: close\\r\\n\\r\\n' >&3 && read -r _ status _ <&3 && [ \"$status\" = 200 ]"]
ENTRYPOINT ["keywright"]
CMD ["serve"]
