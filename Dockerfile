# One image for every service of the reference system; compose.yaml says which one a container runs.
FROM node:20-bookworm-slim AS build
WORKDIR /app
COPY package.json package-lock.json .npmrc tsconfig.base.json ./
# The servers that tests bring along are not needed here, so nothing has to be unpacked.
RUN npm ci --ignore-scripts
COPY src ./src
COPY services ./services
COPY dashboard ./dashboard
RUN npx tsc -b services && npm run build:page

FROM node:20-bookworm-slim
ENV NODE_ENV=production HOST=0.0.0.0
WORKDIR /app
COPY --from=build /app/package.json ./
COPY --from=build /app/node_modules ./node_modules
COPY --from=build /app/dist ./dist
COPY --from=build /app/.build/services ./.build/services
# Recordings and pages are read from here.
COPY services ./services
USER node
CMD ["node", ".build/services/api/main.js"]
