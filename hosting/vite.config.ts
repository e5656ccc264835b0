import { copyFileSync, readFileSync, writeFileSync } from "node:fs";
import { marked, type Tokens } from "marked";
import { defineConfig, type Plugin, type UserConfig } from "vite";

const { version } = JSON.parse(readFileSync(new URL("package.json", import.meta.url), "utf8")) as {
  version: string;
};

/** Hosting answers an unknown address with 404.html and status 404; ours is the same app, which shows its own page. */
const notFoundPage: Plugin = {
  name: "not-found-page",
  closeBundle: () => copyFileSync("dist/index.html", "dist/404.html"),
};

const LANGUAGES: Record<string, string> = {
  sh: "Shell",
  js: "Node",
  py: "Python",
  python: "Python",
  html: "HTML",
};

/** docs/api.md, whose examples the tests run, as a page of the site: there is no second copy to go out of date. */
const examplesPage: Plugin = {
  name: "examples-page",
  closeBundle: () => {
    const page = "dist/docs/examples.html";
    const { examples, contents } = readGuide(readFileSync("../docs/api.md", "utf8"));
    const shell = readFileSync(page, "utf8");
    writeFileSync(
      page,
      shell.replace("<!-- examples -->", () => examples).replace("<!-- contents -->", () => contents),
    );
  },
};

function readGuide(markdown: string): { examples: string; contents: string } {
  const headings: string[] = [];
  const renderer = new marked.Renderer();
  renderer.heading = ({ text, depth }: Tokens.Heading) => {
    const id = text
      .toLowerCase()
      .replace(/[^\w ]/g, "")
      .replaceAll(" ", "-");
    if (depth === 2) headings.push(`<li><a href="#${id}">${text}</a></li>`);
    return depth === 1 ? "" : `<h${depth} id="${id}">${text}</h${depth}>\n`;
  };
  const { code } = renderer;
  renderer.code = function (token: Tokens.Code) {
    const language = LANGUAGES[token.lang ?? ""];
    const caption = language ? `<figcaption>${language}</figcaption>` : "";
    return `<figure>${caption}${code.call(this, token)}</figure>\n`;
  };
  const examples = marked.parse(markdown, { renderer, async: false });
  return { examples, contents: `<ul>${headings.join("")}</ul>` };
}

const site: UserConfig = {
  define: { __VERSION__: JSON.stringify(version) },
  plugins: [notFoundPage, examplesPage],
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
