import { copyFileSync, readFileSync } from "node:fs";
import { defineConfig, type Plugin, type UserConfig } from "vite";

const { version } = JSON.parse(readFileSync(new URL("package.json", import.meta.url), "utf8")) as {
  version: string;
};

/** Hosting answers an unknown address with 404.html and status 404; ours is the same app, which shows its own page. */
const notFoundPage: Plugin = {
  name: "not-found-page",
  closeBundle: () => copyFileSync("dist/index.html", "dist/404.html"),
};

const site: UserConfig = {
  define: { __VERSION__: JSON.stringify(version) },
  plugins: [notFoundPage],
  build: {
    // Everything as a file of its own: the content security policy allows neither data: fonts nor inline code.
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    reportCompressedSize: true,
    // What the first page needs is one file, not one for each set of pages that share a part of it.
    rolldownOptions: { output: { codeSplitting: { groups: [{ name: "first", tags: ["$initial"] }] } } },
  },
  server: { proxy: { "/v1": process.env.API ?? "http://127.0.0.1:5002" } },
};

/** What other pages embed: one plain script of a lasting name, without a global of its own. `vite build --mode widget` */
const widget: UserConfig = {
  publicDir: false,
  build: {
    emptyOutDir: false,
    target: ["chrome123", "firefox128", "safari17.5"],
    lib: { entry: "src/widget/main.ts", formats: ["iife"], name: "widget", fileName: () => "widget.js" },
  },
};

export default defineConfig(({ mode }) => (mode === "widget" ? widget : site));
