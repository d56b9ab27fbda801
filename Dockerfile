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
# What nothing reads while Fio runs: types and maps, a compiler that Remix takes for its own tools, SQLite for other
# systems and its sources.
RUN find node_modules -type f \( -name '*.map' -o -name '*.d.ts' -o -name '*.d.mts' -o -name '*.d.cts' \) -delete \
  && rm -rf node_modules/typescript node_modules/better-sqlite3/deps node_modules/better-sqlite3/src \
  && find node_modules/better-sqlite3/prebuilds -type f ! -name "linux-$(node -p process.arch).node" -delete

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
  && apt-get clean \
  && rm -rf /var/lib/apt/lists/* /var/cache/apt/*.bin
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
