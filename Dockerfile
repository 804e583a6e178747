# The job as an image: one program and the C library it needs, no shell, no root, and nothing written but the snapshots and /tmp.
#
#   docker build -t registry.example.com/partnerscore:1.0.0 --build-arg VERSION=1.0.0 --build-arg REVISION="$(git rev-parse HEAD)" .
#   docker push registry.example.com/partnerscore:1.0.0
#   docker run --read-only --tmpfs /tmp -v "$PWD/samples/exports:/exports:ro" -v "$PWD/snapshots:/snapshots" \
#     registry.example.com/partnerscore:1.0.0 score --exports /exports --month 2024-06
#
# VERSION and REVISION are what --version, manifests and labels show. It builds for amd64 and arm64, each on a machine of its kind or under emulation:
# --platform linux/arm64. /snapshots must be writable for user 65532. The working directory is /, so the default of --snapshots is that folder.

# Behind a proxy of your own certificate authority:  --secret id=ca-certificates,src=/etc/ssl/certs/ca-certificates.crt

# One base, pinned by its exact tag; by digest it is pinned where it is mirrored. What the program links against is the C library that goes
# into the image with it.
FROM golang:1.26.8-bookworm AS build
WORKDIR /src

# Modules change seldom: they have a layer of their own, with those that this platform links.
COPY go.mod go.sum ./
COPY jobs/deploy/licenses.txt jobs/deploy/linked-modules.sh jobs/deploy/
RUN --mount=type=secret,id=ca-certificates,target=/etc/ssl/certs/ca-certificates.crt \
    bash jobs/deploy/linked-modules.sh

# DuckDB comes as a static C++ library. The linker is shown a folder with the static C++ runtime and no shared one, so that the
# program needs the C library only; -static-libstdc++ would not do, it does not reach an -lstdc++ that a package asks for itself.
RUN mkdir /static && ln -s "$(g++ -print-file-name=libstdc++.a)" /static/

COPY . .
# The same sources, and the same revision, give the same bytes, wherever they lie and whenever they are built.
ARG SOURCE_DATE_EPOCH=0
ARG VERSION=
ARG REVISION=unknown
RUN CGO_ENABLED=1 go build -trimpath -buildvcs=false \
      -ldflags="-s -w -buildid= -X main.release=${VERSION} -X main.revision=${REVISION} -extldflags '-L/static -static-libgcc'" -o /image/partnerscore ./jobs/partnerscore \
 && ! ldd /image/partnerscore | grep -E 'libstdc|libgcc'

# What the program needs of a system, and nothing else: the C library, with the entry by which scanners know its version; the certificates
# of the authorities, for a Pushgateway behind TLS; folders to mount on; and the licences of what is linked in.
RUN cd /image && mkdir -p --mode=1777 tmp && mkdir -p exports etc/ssl/certs var/lib/dpkg/status.d licenses \
 && ldd partnerscore | grep -o '/[^ ]*' | xargs cp --parents -L -t . \
 && cp /etc/ssl/certs/ca-certificates.crt etc/ssl/certs/ \
 && dpkg-query --status libc6 >var/lib/dpkg/status.d/libc6 && cp /usr/share/doc/libc6/copyright licenses/glibc \
 && bash /src/jobs/deploy/license-texts.sh licenses \
 && mkdir -p /owned/snapshots && find . /owned -exec touch --no-dereference --date="@${SOURCE_DATE_EPOCH}" {} +

FROM scratch
ARG VERSION=
ARG REVISION=unknown
LABEL org.opencontainers.image.title="partnerscore" \
      org.opencontainers.image.description="Microsoft partner capability scores for the Azure solution areas, from monthly exports to published snapshots" \
      org.opencontainers.image.licenses="Apache-2.0" \
      org.opencontainers.image.version="${VERSION:-devel}" \
      org.opencontainers.image.revision="${REVISION}"
COPY --from=build /image/ /
# --chown is for what a COPY makes, not for a folder that is there already.
COPY --from=build --chown=65532:65532 /owned/ /
# A number, so that Kubernetes can check runAsNonRoot; it has no entry in /etc/passwd and needs none.
USER 65532:65532
ENTRYPOINT ["/partnerscore"]
