# One image for every process of Fio; docker-compose.yml gives each its command.
# Plain instructions only, so that any builder works.

FROM node:24-bookworm-slim AS manifests
WORKDIR /app
COPY package.json package-lock.json ./
COPY packages/contracts/package.json packages/contracts/
COPY packages/service/package.json packages/service/
COPY services/conversations/package.json services/conversations/
COPY services/ingest/package.json services/ingest/
COPY services/web/package.json services/web/
COPY services/whatsapp/package.json services/whatsapp/

FROM manifests AS dependencies
RUN ["npm", "ci", "--omit=dev", "--no-audit", "--no-fund"]

FROM manifests AS build
RUN ["npm", "ci", "--no-audit", "--no-fund"]
COPY tsconfig.base.json ./
COPY packages packages
COPY services services
RUN ["npm", "run", "build", "--workspace", "services/web"]

FROM node:24-bookworm-slim
# The health checks ask every few seconds: curl takes a tenth of the processor time that starting a Node would.
RUN apt-get update \
  && apt-get install -y --no-install-recommends curl \
  && rm -rf /var/lib/apt/lists/*
WORKDIR /app
# The young part of the heap: larger gains no speed and costs a hundred megabytes (docs/performance.md).
ENV NODE_ENV=production HOST=0.0.0.0 NODE_OPTIONS=--max-semi-space-size=8
# A new volume takes over the owner of the directory that it is mounted on: whoever makes the secrets can write them.
RUN install -d -o node -g node -m 0750 /run/fio \
  && cd /run && mkdir parts && cd parts \
  && install -d -o node -g node -m 0755 postgres redis roles migrate ingest worker api web doctor whatsapp
COPY --from=dependencies /app/node_modules node_modules
COPY package.json ./
COPY docker docker
COPY packages packages
COPY services services
COPY --from=build /app/services/web/build services/web/build
USER node
