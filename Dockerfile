# syntax=docker/dockerfile:1
# The same distribution release in both stages: the binary links to the C library it was built with.
FROM rust:1-bookworm AS build
WORKDIR /src
RUN rustup target add wasm32-unknown-unknown
COPY . .
RUN --mount=type=cache,target=/usr/local/cargo/registry \
    --mount=type=cache,target=/src/target \
    cargo xtask image-root /image

FROM debian:bookworm-slim
COPY --from=build /image/etc/ /etc/
COPY --from=build /image/usr/ /usr/
# Owners do not always survive a copy between stages.
RUN install --directory --owner=10001 --group=10001 --mode=0700 /data
USER windsock
ENV WINDSOCK_ADDR=[::]:8080
ENV WINDSOCK_DATA_DIR=/data
EXPOSE 8080
STOPSIGNAL SIGTERM
# Whoever runs the container probes /healthz from outside.
HEALTHCHECK NONE
ENTRYPOINT ["/usr/local/bin/windsock"]
