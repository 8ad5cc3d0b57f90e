# syntax=docker/dockerfile:1

FROM node:20-bookworm-slim AS web
WORKDIR /src/web
COPY web/package.json web/package-lock.json ./
RUN npm ci --no-audit --no-fund
COPY web ./
RUN npm run build

FROM golang:1.26-bookworm AS build
ARG VERSION=unreleased
WORKDIR /src
COPY go.mod go.sum ./
RUN go mod download
COPY . .
COPY --from=web /src/web/build ./web/build
RUN CGO_ENABLED=0 go build -buildvcs=false -trimpath -ldflags "-s -w -X main.version=${VERSION}" -o /floorlight ./cmd/floorlight

FROM debian:bookworm-slim
# PostgreSQL's programs are for the database that the server runs itself; with
# FLOORLIGHT_DATABASE_URL they are not used.
RUN mkdir -p /etc/postgresql-common \
	&& echo "create_main_cluster = false" >/etc/postgresql-common/createcluster.conf \
	&& apt-get update \
	&& apt-get install -y --no-install-recommends ca-certificates postgresql \
	&& rm -rf /var/lib/apt/lists/* \
	&& useradd --system --uid 10001 --user-group --home-dir /data floorlight \
	&& install -d -o floorlight -g floorlight -m 0711 /data
COPY --from=build /floorlight /usr/local/bin/floorlight
USER floorlight
WORKDIR /data
ENV FLOORLIGHT_DATA_DIR=/data \
	FLOORLIGHT_LISTEN=0.0.0.0:8080 \
	FLOORLIGHT_NATS_LISTEN=0.0.0.0:4222
VOLUME /data
EXPOSE 8080 4222
# A stop takes up to 10 s: give docker more than that (docker stop -t 15).
ENTRYPOINT ["floorlight"]
CMD ["serve"]
