# The job as an image: one program, no shell needed, no root, and nothing written but the snapshots and /tmp.
#
#   docker build -t partnerscore --build-arg REVISION="$(git rev-parse HEAD)" --build-arg VERSION=1.0.0 .
#   docker run --read-only --tmpfs /tmp -v "$PWD/samples/exports:/exports:ro" -v "$PWD/snapshots:/snapshots" \
#     partnerscore score --exports /exports --month 2024-06
#
# /snapshots must be writable for user 65532. The working directory is /, so the default of --snapshots is that folder.

# Both stages are one Debian release: what the first links against is the C library of the second.
FROM golang:1.26.8-bookworm AS build
WORKDIR /src

# Modules change seldom: they have a layer of their own.
COPY go.mod go.sum ./
RUN go mod download

# DuckDB comes as a static C++ library. The linker is shown a folder with the static C++ runtime and no shared one, so that the
# program needs the C library only; -static-libstdc++ would not do, it does not reach an -lstdc++ that a package asks for itself.
RUN mkdir /static && ln -s "$(g++ -print-file-name=libstdc++.a)" /static/

COPY . .
# The same sources give the same bytes, wherever they lie and whenever they are built.
ARG SOURCE_DATE_EPOCH=0
RUN CGO_ENABLED=1 go build -trimpath -buildvcs=false \
      -ldflags="-s -w -buildid= -extldflags '-L/static -static-libgcc'" -o /out/partnerscore ./jobs/partnerscore \
 && ! ldd /out/partnerscore | grep -E 'libstdc|libgcc' \
 && touch --date="@${SOURCE_DATE_EPOCH}" /out/partnerscore

FROM debian:bookworm-slim
ARG VERSION=devel
ARG REVISION=unknown
LABEL org.opencontainers.image.title="partnerscore" \
      org.opencontainers.image.description="Microsoft partner capability scores for the Azure solution areas, from monthly exports to published snapshots" \
      org.opencontainers.image.licenses="Apache-2.0" \
      org.opencontainers.image.version="${VERSION}" \
      org.opencontainers.image.revision="${REVISION}"
COPY --from=build /out/partnerscore /partnerscore
# A number, so that Kubernetes can check runAsNonRoot; it has no entry in /etc/passwd and needs none.
USER 65532:65532
ENTRYPOINT ["/partnerscore"]
