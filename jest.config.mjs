// Packages without a CommonJS build: Node's own require takes them, jest's must have them transformed.
const esmOnly = "hpke";

// One runner, one transform; a project per kind of test, so that each can be run alone (--selectProjects).
const project = (displayName, testMatch, more = {}) => ({
  displayName,
  testMatch: testMatch.map((glob) => `<rootDir>/${glob}`),
  transform: {
    [`\\.[cm]?tsx?$|/node_modules/(${esmOnly})/.+\\.js$`]: [
      "@swc/jest",
      { jsc: { target: "es2023", parser: { syntax: "typescript" } }, module: { type: "commonjs" } },
    ],
  },
  transformIgnorePatterns: [`/node_modules/(?!(${esmOnly})/)`],
  testEnvironment: "node",
  ...more,
});

const withFirestore = {
  globalSetup: "<rootDir>/functions/test/emulator.mjs",
  globalTeardown: "<rootDir>/functions/test/emulator-stop.mjs",
};

export default {
  projects: [
    project("unit", [
      "functions/src/**/*.test.ts",
      "local/*.test.ts",
      "local/demo-model/*.test.ts",
      "hosting/src/**/*.test.ts",
    ]),
    project("integration", ["functions/test/*.test.ts"], withFirestore),
    project("stack", ["local/test/*.test.ts", "hosting/test/*.test.ts"]),
  ],
  testTimeout: 30_000,
};
