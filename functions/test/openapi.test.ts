import { openApiDocument } from "../src/doors/openapi";

type Schema = { $ref?: string; properties?: object; anyOf?: object[]; oneOf?: object[] };

const document = openApiDocument() as { components: { schemas: Record<string, Schema> } };
const { schemas } = document.components;

test("every named schema says what it holds, and is no reference to itself", () => {
  const hollow = ({ $ref, properties, anyOf, oneOf }: Schema) => $ref || !(properties ?? anyOf ?? oneOf);
  expect(Object.entries(schemas).filter(([, schema]) => hollow(schema))).toEqual([]);
  expect(Object.keys(schemas)).toEqual(expect.arrayContaining(["Bot", "Session", "SignIn", "Error"]));
});

test("every reference leads to a schema", () => {
  const references = [...JSON.stringify(document).matchAll(/"\$ref":"([^"]+)"/g)].map(([, target]) => target);
  const targets = Object.keys(schemas).map((name) => `#/components/schemas/${name}`);
  expect([...new Set(references)].filter((target) => !targets.includes(target ?? ""))).toEqual([]);
});
