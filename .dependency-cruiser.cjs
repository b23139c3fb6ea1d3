/** The import table of the house: who may import what (docs/adr/0001-the-house.md). */

const SHARED = ["codec", "content", "policy", "mls"];

/** What each room of the house may import of the others. */
const ROOMS = {
  "src/codec": [],
  "src/content": ["src/codec"],
  "src/policy": ["src/codec"],
  "src/mls": ["src/codec"],
  "src/storage": ["src/codec"],
  "src/transport": ["src/codec"],
  "src/engine": [
    ...SHARED.map((name) => `src/${name}`),
    "src/storage",
    "src/transport",
    "src/worker/(engine|organiser)-api[.]ts",
  ],
  // The worker puts the engine together with its real ports.
  "src/worker": ["src/engine", "src/storage", "src/transport", "src/codec"],
  "src/client": ["src/worker/(engine-api|organiser-api|page-call)[.]ts"],
  components: ["src/client"],
  provider: ["src/codec", "src/policy", "src/mls"],
};

/** Which packages belong to which rooms; nobody else imports them. */
const PACKAGES = {
  "ts-mls": ["src/mls"],
  "@noble/(hashes|ciphers)": ["src/mls"],
  "@hpke/core": ["src/mls"],
  idb: ["src/storage"],
  cborg: ["src/content"],
  lit: ["components"],
  marked: ["components/markdown"],
  hono: ["provider"],
  "@hono/node-server": ["provider"],
  ws: ["provider"],
  kysely: ["provider/store"],
  libsql: ["provider/store"],
  pino: ["provider"],
  "prom-client": ["provider"],
  "rate-limiter-flexible": ["provider"],
};

const PRODUCT = "^(src|components|provider)/";

const rooms = Object.entries(ROOMS).map(([room, allowed]) => ({
  name: `${room} imports ${allowed.length > 0 ? allowed.join(", ").replaceAll("[.]", ".") : "nothing"}`,
  severity: "error",
  from: { path: `^${room}/` },
  to: {
    path: "^(src|components|provider|demo|scripts|test|bench)/",
    pathNot: [`^${room}/`, ...allowed.map((path) => `^${path}(/|$)`)],
  },
}));

const packages = Object.entries(PACKAGES).map(([name, homes]) => ({
  name: `${name} only in ${homes.join(", ")}`,
  severity: "error",
  from: { path: PRODUCT, pathNot: homes.map((home) => `^${home}/`) },
  to: { path: `(^|/)node_modules/${name}/` },
}));

module.exports = {
  forbidden: [
    ...rooms,
    ...packages,
    {
      name: "no circles",
      severity: "error",
      from: {},
      to: { circular: true, viaOnly: { dependencyTypesNot: ["type-only"] } },
    },
    {
      name: "Node only in provider/node.ts and provider/node",
      comment: "The rest of the provider is (Request) => Promise<Response> and runs anywhere.",
      severity: "error",
      from: { path: PRODUCT, pathNot: "^provider/node([.]ts$|/)" },
      to: { dependencyTypes: ["core"] },
    },
    {
      name: "what is imported exists",
      severity: "error",
      from: {},
      to: { couldNotResolve: true, pathNot: "^virtual:mimi-(worker-source|organiser-tools)$" },
    },
    {
      name: "the product does not import its tests",
      severity: "error",
      from: { path: "^(src|components|provider|demo)/" },
      to: { path: "^(test|bench)/" },
    },
  ],
  options: {
    doNotFollow: { path: "node_modules" },
    exclude: { path: "^dist/" },
    tsPreCompilationDeps: true,
    tsConfig: { fileName: "tsconfig.json" },
    enhancedResolveOptions: {
      exportsFields: ["exports"],
      conditionNames: ["import", "browser", "node", "default", "types"],
      mainFields: ["module", "main", "types"],
    },
  },
};
