/** Draws /v1/openapi.json as a page to browse. No library, no foreign host; text is only ever set as text. */

const TAGS = {
  users: "You and your keys",
  bots: "Assistants",
  sessions: "Conversations",
  chat: "OpenAI-compatible chat",
  models: "Models",
  service: "The service",
};

/** An element with attributes and children; strings become text. */
function h(name, attributes = {}, ...children) {
  const element = document.createElement(name);
  for (const [key, value] of Object.entries(attributes)) element.setAttribute(key, value);
  element.append(...children.flat().filter((child) => child !== null && child !== undefined));
  return element;
}

const nameOf = (ref) => ref.split("/").pop();
const schemaId = (name) => `schema-${name}`;

const UNITS = { string: " characters", array: " entries" };

/** A schema's type in a few words, named schemas as links. */
function typeOf(schema) {
  if (!schema || typeof schema !== "object") return ["anything"];
  if (schema.$ref) return [h("a", { href: `#${schemaId(nameOf(schema.$ref))}` }, nameOf(schema.$ref))];
  if (schema.const !== undefined) return [JSON.stringify(schema.const)];
  if (schema.enum) return [schema.enum.map((value) => JSON.stringify(value)).join(" | ")];
  const several = schema.anyOf ?? schema.oneOf;
  if (several) return several.flatMap((one, at) => [...(at > 0 ? [" | "] : []), ...typeOf(one)]);
  if (schema.type === "array") return ["list of ", ...typeOf(schema.items)];
  if (schema.type === "object" && schema.additionalProperties && !schema.properties) {
    return ["object of ", ...typeOf(schema.additionalProperties)];
  }
  const type = [schema.type ?? "anything"].flat().join(" | ");
  return [schema.format ? `${type} (${schema.format})` : type];
}

/** What a field may be besides null. */
function besidesNull(schema) {
  const others = schema.anyOf?.filter(({ type }) => type !== "null") ?? [];
  return others.length === 1 ? others[0] : schema;
}

/** Bounds that zod adds to every whole number say nothing. */
const isBound = (value) => typeof value === "number" && Math.abs(value) < Number.MAX_SAFE_INTEGER;

function boundsOf(field) {
  const schema = besidesNull(field);
  const low = [schema.minimum, schema.minLength, schema.minItems].find(isBound);
  const high = [schema.maximum, schema.maxLength, schema.maxItems].find(isBound);
  const unit = UNITS[schema.type] ?? "";
  const bounds = [
    low === undefined || (unit && low < 2) ? "" : `at least ${low}${unit}`,
    high === undefined ? "" : `at most ${high}${unit}`,
    field.default === undefined ? "" : `default ${JSON.stringify(field.default)}`,
  ];
  return bounds.filter(Boolean).join(", ");
}

function field(name, schema, required) {
  const bounds = boundsOf(schema);
  return h(
    "div",
    {},
    h("dt", {}, h("code", {}, name), h("span", { class: "note" }, required ? " required" : "")),
    h(
      "dd",
      {},
      h("span", { class: "type" }, typeOf(schema), bounds ? ` · ${bounds}` : ""),
      schema.description ? h("div", {}, schema.description) : null,
      nested(schema),
    ),
  );
}

/** The fields of an object that stands inside a field. */
function nested(field) {
  const schema = besidesNull(field);
  const inner = schema.type === "array" ? schema.items : schema;
  return inner?.properties ? fieldsOf(inner) : null;
}

function fieldsOf({ properties = {}, required = [] }) {
  const rows = Object.entries(properties).map(([name, schema]) =>
    field(name, schema, required.includes(name)),
  );
  return rows.length > 0 ? h("dl", {}, rows) : null;
}

function part(title, content) {
  return content ? [h("h4", {}, title), content] : [];
}

const jsonOf = (holder) => holder?.content?.["application/json"]?.schema;

function answerOf(operation) {
  const schema = jsonOf(operation.responses["200"]);
  if (!schema) return null;
  const stream = operation.responses["200"].content["text/event-stream"];
  return h(
    "div",
    {},
    h("p", { class: "type" }, typeOf(schema)),
    schema.properties ? fieldsOf(schema) : null,
    stream ? h("p", { class: "note" }, stream.schema.description) : null,
  );
}

function failuresOf({ responses }) {
  const rows = Object.entries(responses)
    .filter(([status]) => status !== "200")
    .map(([status, { description }]) =>
      h("div", {}, h("dt", {}, status), h("dd", {}, h("code", {}, description))),
    );
  return h("details", {}, h("summary", {}, "Failures"), h("dl", {}, rows));
}

function articleOf(path, method, operation) {
  const parameters = operation.parameters ?? [];
  const rows = parameters.map(({ name, schema, required, in: place, description }) =>
    field(place === "header" ? `${name} (header)` : name, { description, ...schema }, required),
  );
  const free = operation.security?.some((one) => Object.keys(one).length === 0);
  return h(
    "article",
    { id: operation.operationId },
    h("h3", {}, h("span", { class: "method" }, method.toUpperCase()), ` /v1${path}`),
    h("p", {}, operation.summary),
    free ? h("p", { class: "note" }, "Works without a key.") : null,
    part("Parameters", rows.length > 0 ? h("dl", {}, rows) : null),
    part("Body", fieldsOf(jsonOf(operation.requestBody) ?? {})),
    part("Answer", answerOf(operation)),
    failuresOf(operation),
  );
}

function operationsOf({ paths }) {
  return Object.entries(paths).flatMap(([path, methods]) =>
    Object.entries(methods).map(([method, operation]) => {
      const tag = operation.tags?.[0] ?? "service";
      const link = h("a", { href: `#${operation.operationId}` }, `${method.toUpperCase()} ${path}`);
      return { tag, article: articleOf(path, method, operation), item: h("li", {}, link) };
    }),
  );
}

function draw(specification) {
  const operations = operationsOf(specification);
  const known = Object.keys(TAGS);
  const tags = [...new Set([...known, ...operations.map(({ tag }) => tag)])];
  const main = document.getElementById("reference");
  const contents = document.getElementById("contents");
  for (const tag of tags) {
    const own = operations.filter((one) => one.tag === tag);
    if (own.length === 0) continue;
    const title = TAGS[tag] ?? tag;
    main.append(h("section", {}, h("h2", { id: `tag-${tag}` }, title), ...own.map(({ article }) => article)));
    contents.append(h("p", {}, title), h("ul", {}, ...own.map(({ item }) => item)));
  }
  const schemas = Object.entries(specification.components?.schemas ?? {}).map(([name, schema]) =>
    h("article", { id: schemaId(name) }, h("h3", {}, name), fieldsOf(schema) ?? h("p", {}, typeOf(schema))),
  );
  main.append(h("section", {}, h("h2", { id: "schemas" }, "Objects"), ...schemas));
  document.getElementById("version").textContent = `Version ${specification.info.version}`;
  filterBy(operations);
}

/** Hides what does not hold the words typed. */
function filterBy(operations) {
  const input = document.getElementById("filter");
  input.addEventListener("input", () => {
    const words = input.value.toLowerCase().split(/\s+/).filter(Boolean);
    for (const { article, item } of operations) {
      const text = article.textContent.toLowerCase();
      const hidden = !words.every((word) => text.includes(word));
      article.hidden = hidden;
      item.hidden = hidden;
    }
  });
}

async function start() {
  const state = document.getElementById("state");
  document.getElementById("base").textContent = location.origin;
  try {
    const response = await fetch("/v1/openapi.json");
    if (!response.ok) throw new Error(String(response.status));
    draw(await response.json());
    state.remove();
    if (location.hash) document.getElementById(location.hash.slice(1))?.scrollIntoView();
  } catch {
    state.textContent = "The API does not answer just now. Reload the page in a moment.";
  }
}

start();
